import type { WaitOptions } from '../../bytes/index.ts';
import type { DocumentContents, OpenDocumentOptions } from '../document-format.ts';
import type { FileAttachment, MailAttachment, MailMessage } from './mail-message.ts';
import { type SizedPart, sizedWriter } from './sized-writer.ts';
import { writtenSource } from './written-source.ts';

/**
 * The attachments that are to travel in a protected format of their own, and what writes them so. Those of messages within
 * the message stay as they are (spec/mail.md, "Attachments under the license").
 */
export async function protectedAttachments(
  { attachments }: MailMessage,
  protectPart: DocumentContents['protectPart'],
  options?: WaitOptions,
): Promise<ReadonlyMap<FileAttachment, SizedPart>> {
  const parts = new Map<FileAttachment, SizedPart>();
  if (protectPart === undefined) return parts;
  for (const [index, attachment] of attachments.entries()) {
    // What is shown within the text are pictures, which have no such format.
    if (attachment.kind !== 'file' || attachment.inline) continue;
    const part = await protectPart({ name: attachment.name, index, source: attachment.content }, options);
    // Sizes stand in front of contents.
    if (part !== undefined) parts.set(attachment, { name: part.name, ...(await sizedWriter(part, options)) });
  }
  return parts;
}

/** The message with the attachments opened that are protected under its license; nothing of them is decrypted yet. */
export async function withOpenedAttachments(
  message: MailMessage,
  openPart: OpenDocumentOptions['openPart'],
  options?: WaitOptions,
): Promise<MailMessage> {
  if (openPart === undefined) return message;
  const attachments: MailAttachment[] = [];
  for (const [index, attachment] of message.attachments.entries()) {
    const part =
      attachment.kind === 'file'
        ? await openPart({ name: attachment.name, index, source: attachment.content }, options)
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
