import type { ByteSource, WaitOptions } from '../../../bytes/index.ts';
import type { CompoundFile } from '../../compound-file/compound-file.ts';
import { rpmsgContentType } from '../mail-message.ts';
import { textReader } from './property-values.ts';
import { attachedBytes, attachedStorage, readAttachmentFacts } from './read-attachment.ts';
import { readMapiMessage } from './read-mapi.ts';

/** The protected part of an Outlook item. */
export interface ProtectedPart {
  readonly name: string | undefined;
  /** The `message.rpmsg`, for random access. */
  readonly source: ByteSource;
}

/** `message.rpmsg`, and the names that portals give it: `message_v2.rpmsg`. */
const protectedName = /^message(?:_v\d{1,3})?\.rpmsg$/i;

/**
 * The protected part of an Outlook item: the attachment that has its type, or its name (spec/mail.md, "Outlook items").
 *
 * @returns `undefined` if the message is not protected
 * @throws SealwrightError `MALFORMED_CONTAINER` if the file is no Outlook item, or damaged; `LIMIT_EXCEEDED`
 *
 * @example
 * ```ts
 * const part = await findProtectedPart(await readCompoundFile(source));
 * if (part !== undefined) console.log(part.source.size);
 * ```
 */
export async function findProtectedPart(
  file: CompoundFile,
  options?: WaitOptions,
): Promise<ProtectedPart | undefined> {
  const message = await readMapiMessage(file, file.root, undefined, options);
  const texts = textReader(message, options);
  let named: ProtectedPart | undefined;
  for (const part of message.attachments) {
    if (attachedStorage(part) !== undefined) continue;
    const { name, contentType } = await readAttachmentFacts(part, texts);
    const found = Object.freeze({ name, source: attachedBytes(part) });
    if (contentType?.trim().toLowerCase() === rpmsgContentType) return found;
    if (named === undefined && protectedName.test(name ?? '')) named = found;
  }
  return named;
}
