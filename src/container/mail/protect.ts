import type { ByteSource, WaitOptions } from '../../bytes/index.ts';
import { layoutCompoundFile } from '../compound-file/layout.ts';
import type { DocumentContents, DocumentWriter, PartCipher } from '../document-format.ts';
import { protectedAttachments } from './attachments.ts';
import { labelledDocument } from './labels/labelled-document.ts';
import type { MessageDocument } from './message-document.ts';
import { protectedMimeWriter, readMime } from './mime/index.ts';
import { protectedMsgEntries, readMsg } from './msg/index.ts';
import { layoutWriter } from './outer/layout-writer.ts';
import { rpmsgWriter } from './rpmsg/index.ts';
import { sizedWriter } from './sized-writer.ts';
import { stubOf } from './stub/stub.ts';

/**
 * Prepares a protected message: its header with the stub, and body and attachments within a `message.rpmsg`
 * (spec/mail.md, "Protecting"). It can be written more than once.
 *
 * @throws SealwrightError `LIMIT_EXCEEDED`, `MALFORMED_CONTAINER`, `INVALID_ARGUMENT`
 */
export async function protectedMail(
  given: MessageDocument,
  givenSource: ByteSource,
  contents: DocumentContents,
  cipher: PartCipher,
  options?: WaitOptions,
): Promise<DocumentWriter> {
  const { publishingLicense, metadata, settings } = contents;
  const { document, source } = await labelledDocument(given, givenSource, metadata, options);
  const message =
    document.form === 'eml' ? await readMime(source, options) : await readMsg(document.compoundFile, options);
  const protectedParts = await protectedAttachments(message, contents.protectPart, options);
  const rpmsg = rpmsgWriter(message, { publishingLicense, protectedParts }, cipher);
  const stub = stubOf(settings?.mail?.stub);
  if (document.form === 'eml') return protectedMimeWriter(message, { stub, rpmsg }, options);
  // In a compound file the size of everything stands before it.
  const sized = await sizedWriter(rpmsg, options);
  const root = await protectedMsgEntries(message, { stub, rpmsg: { pendingSize: sized.size } }, options);
  return layoutWriter(layoutCompoundFile(root), sized);
}
