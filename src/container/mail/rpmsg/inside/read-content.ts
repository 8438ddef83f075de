import type { ByteSource, WaitOptions } from '../../../../bytes/index.ts';
import { decryptionFailed } from '../../../../errors.ts';
import { readCompoundFile } from '../../../compound-file/read.ts';
import { isCompoundFile } from '../../../compound-file/signature.ts';
import type { MailMessage } from '../../mail-message.ts';
import { readBody, readBodyInfo } from './body-streams.ts';

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
  return Object.freeze({
    fields: Object.freeze([]),
    body: readBody(file, info, [], undefined),
    attachments: Object.freeze([]),
  });
}
