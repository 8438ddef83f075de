import { maxima, memorySource, type WaitOptions, writtenBytes } from '../../bytes/index.ts';
import type { DocumentContents, OpenDocumentOptions, WrittenPart } from '../document-format.ts';
import type { FileAttachment, MailAttachment, MailMessage } from './mail-message.ts';
import { sourceWriter } from './outer/source-writer.ts';
import { writtenSource } from './written-source.ts';

/**
 * The attachments that are to travel in a protected format of their own, and what writes them so. Those of messages within
 * the message stay as they are (spec/mail.md, "Attachments under the license").
 */
export async function protectedAttachments(
  { attachments }: MailMessage,
  protectPart: DocumentContents['protectPart'],
  options?: WaitOptions,
): Promise<ReadonlyMap<FileAttachment, WrittenPart>> {
  const parts = new Map<FileAttachment, WrittenPart>();
  if (protectPart === undefined) return parts;
  let room: number = maxima.collectedBytes;
  for (const attachment of attachments) {
    // What is shown within the text are pictures, which have no such format.
    if (attachment.kind !== 'file' || attachment.inline) continue;
    const part = await protectPart({ name: attachment.name, source: attachment.content }, options);
    if (part === undefined) continue;
    if (part.size !== undefined) parts.set(attachment, part);
    else {
      const bytes = await writtenBytes(
        (memory) => part.writeTo(memory, { signal: options?.signal }),
        room,
        tooLarge,
      );
      room -= bytes.length;
      parts.set(attachment, { name: part.name, ...sourceWriter(memorySource(bytes)) });
    }
  }
  return parts;
}

/** Sizes stand in front of contents, and what is encrypted can be written only once. */
const tooLarge = `The PDFs and messages that are attached have more than ${maxima.collectedBytes} bytes, which are kept in memory while they are protected. Send large files apart, or let the message alone protect them (protectAttachments: false).`;

/** The message with the attachments opened that are protected under its license; nothing of them is decrypted yet. */
export async function withOpenedAttachments(
  message: MailMessage,
  openPart: OpenDocumentOptions['openPart'],
  options?: WaitOptions,
): Promise<MailMessage> {
  if (openPart === undefined) return message;
  const attachments: MailAttachment[] = [];
  for (const attachment of message.attachments) {
    const part =
      attachment.kind === 'file'
        ? await openPart({ name: attachment.name, source: attachment.content }, options)
        : undefined;
    attachments.push(
      part === undefined
        ? attachment
        : Object.freeze({
            ...(attachment as FileAttachment),
            name: part.name ?? attachment.name,
            content: await writtenSource(part, options),
          }),
    );
  }
  return Object.freeze({ ...message, attachments: Object.freeze(attachments) });
}
