import { type ByteSink, type ByteSource, maxima, memorySource, writtenBytes } from '../../bytes/index.ts';
import { compoundFileSource, layoutCompoundFile } from '../compound-file/layout.ts';
import type {
  DocumentContents,
  DocumentTransferOptions,
  DocumentWriter,
  PartCipher,
} from '../document-format.ts';
import { protectedAttachments } from './attachments.ts';
import type { MailMessage } from './mail-message.ts';
import type { MessageDocument } from './message-document.ts';
import { protectedMimeWriter, readMime } from './mime/index.ts';
import { protectedMsgEntries, readMsg } from './msg/index.ts';
import { sourceWriter } from './outer/source-writer.ts';
import { rpmsgWriter } from './rpmsg/index.ts';
import { stubOf } from './stub/stub.ts';

/**
 * Writes a protected message: its header with the stub, and body and attachments within a `message.rpmsg`
 * (spec/mail.md, "Protecting"). Gives its size.
 *
 * @throws SealwrightError `LIMIT_EXCEEDED`, `MALFORMED_CONTAINER`, `INVALID_ARGUMENT`
 */
export async function protectedMail(
  document: MessageDocument,
  source: ByteSource,
  contents: DocumentContents,
  cipher: PartCipher,
  sink: ByteSink,
  options?: DocumentTransferOptions,
): Promise<number> {
  const message =
    document.form === 'eml' ? await readMime(source, options) : await readMsg(document.compoundFile, options);
  const protectedParts = await protectedAttachments(message, contents.protectPart, options);
  const { publishingLicense, metadata, settings } = contents;
  const rpmsg = rpmsgWriter(message, { publishingLicense, metadata, protectedParts }, cipher);
  const outer = await outerWriter(document, message, rpmsg, stubOf(settings?.mail?.stub), options);
  return outer.writeTo(sink, options);
}

async function outerWriter(
  { form }: MessageDocument,
  message: MailMessage,
  rpmsg: DocumentWriter,
  stub: ReturnType<typeof stubOf>,
  options: DocumentTransferOptions | undefined,
): Promise<DocumentWriter> {
  if (form === 'eml') return protectedMimeWriter(message, { stub, rpmsg }, options);
  // In a compound file the size of everything stands before it.
  const bytes = await writtenBytes(
    (memory) => rpmsg.writeTo(memory, { signal: options?.signal }),
    maxima.collectedBytes,
    tooLarge,
  );
  const root = await protectedMsgEntries(message, { stub, rpmsg: memorySource(bytes) }, options);
  return sourceWriter(compoundFileSource(layoutCompoundFile(root)));
}

const tooLarge = `The protected message has more than ${maxima.collectedBytes} bytes, too many for an Outlook item. Save the message as .eml, or send large files apart.`;
