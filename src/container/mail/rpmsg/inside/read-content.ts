import { type ByteSource, maxima, type WaitOptions } from '../../../../bytes/index.ts';
import { decryptionFailed } from '../../../../errors.ts';
import { readCompoundFile } from '../../../compound-file/read.ts';
import { isCompoundFile } from '../../../compound-file/signature.ts';
import type { MailMessage } from '../../mail-message.ts';
import { readBody, readBodyInfo } from './body-streams.ts';
import { readAttachments } from './read-attachments.ts';
import { readSupplement } from './supplement.ts';

/**
 * Reads the message inside a `message.rpmsg` (spec/mail.md, "Inside"). Bodies and attachments are read when asked for.
 *
 * @param plaintext the decrypted content, of `decryptedRpmsg`; it must stay open while the message is read
 * @returns body and attachments; header fields stand around the `message.rpmsg`, so there are none
 * @throws SealwrightError `DECRYPTION_FAILED` for what is no compound file, as with a wrong key; `MALFORMED_CONTAINER`,
 * `LIMIT_EXCEEDED`
 *
 * @example
 * ```ts
 * const { body, attachments } = await readRpmsgContent(await decryptedRpmsg(rpmsg, cipher));
 * ```
 */
export async function readRpmsgContent(plaintext: ByteSource, options?: WaitOptions): Promise<MailMessage> {
  if (!isCompoundFile(await plaintext.read(0, 8, options))) throw decryptionFailed();
  const file = await readCompoundFile(plaintext, options);
  const info = await readBodyInfo(file, options);
  const supplement = await readSupplement(file, options);
  const body = readBody(file, info, supplement.madeUp, supplement.plain);
  const isShown = shownIn(body?.html, options);
  const attachments = await readAttachments(file, info, supplement, isShown, options);
  const { original } = supplement;
  return Object.freeze({
    fields: Object.freeze([]),
    body,
    attachments,
    ...(original !== undefined && { original }),
  });
}

/** Whether an HTML body shows what has a content id. A very long one is taken to show nothing. */
function shownIn(
  html: ByteSource | undefined,
  options: WaitOptions | undefined,
): (contentId: string) => Promise<boolean> {
  let shown: ReadonlySet<string> | undefined;
  return async (contentId) => {
    shown ??= await shownContentIds(html, options);
    return shown.has(contentId.toLowerCase());
  };
}

async function shownContentIds(
  html: ByteSource | undefined,
  options: WaitOptions | undefined,
): Promise<ReadonlySet<string>> {
  const size = html?.size ?? 0;
  if (html === undefined || size > maxima.mailTextBytes) return new Set();
  // Content ids are ASCII, and ASCII is the same in every code page of HTML.
  const text = new TextDecoder('latin1').decode(await html.read(0, size, options));
  return new Set(
    Array.from(text.matchAll(/\bcid:([^"'\s<>()]{1,255})/gi), ([, id]) => decoded(id as string)),
  );
}

/** A content id out of a URL. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id).toLowerCase();
  } catch {
    return id.toLowerCase();
  }
}
