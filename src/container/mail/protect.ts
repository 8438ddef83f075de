import { type ByteSink, type ByteSource, concatBytes, maxima, memorySource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
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
import { readMsg } from './msg/index.ts';
import { newMessage } from './new-message.ts';
import { protectedFields } from './outer/fields.ts';
import { rpmsgAttachment } from './outer/rpmsg-attachment.ts';
import { rpmsgWriter } from './rpmsg/index.ts';
import { stubOf } from './stub/stub.ts';
import { writeMail } from './write-mail.ts';

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
  const bytes = await writtenBytes(rpmsg, options);
  const attachments = [rpmsgAttachment(memorySource(bytes))];
  return writeMail(
    newMessage({ fields: protectedFields(message.fields), ...stub, attachments }),
    'msg',
    options,
  );
}

/** All that is written, in memory. Throws `LIMIT_EXCEEDED`. */
async function writtenBytes(
  writer: DocumentWriter,
  options: DocumentTransferOptions | undefined,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  await writer.writeTo(
    {
      write(bytes) {
        length += bytes.length;
        if (length > maxima.collectedBytes)
          throw new SealwrightError(
            'LIMIT_EXCEEDED',
            `The protected message has more than ${maxima.collectedBytes} bytes, too many for an Outlook item. Save the message as .eml, or send large files apart.`,
          );
        pieces.push(new Uint8Array(bytes));
      },
    },
    options,
  );
  return concatBytes(pieces);
}
