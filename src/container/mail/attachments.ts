import type { WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { DocumentContents, OpenDocumentOptions } from '../document-format.ts';
import type { FileAttachment, MailAttachment, MailMessage } from './mail-message.ts';
import { roomToKeep, type SizedPart, sizedWriter } from './sized-writer.ts';
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
  const room = roomToKeep();
  for (const [index, attachment] of attachments.entries()) {
    // What is shown within the text are pictures, which have no such format.
    if (attachment.kind !== 'file' || attachment.inline) continue;
    const part = await protectPart({ name: attachment.name, index, source: attachment.content }, options);
    if (part === undefined) continue;
    // Sizes stand in front of contents.
    const sized = await sizedWriter(part, options, room).catch((error: unknown) => {
      if (isDamage(error)) return undefined;
      throw error;
    });
    if (sized !== undefined) parts.set(attachment, { name: part.name, ...sized });
  }
  return parts;
}

const damage: readonly string[] = ['MALFORMED_CONTAINER', 'UNSUPPORTED_FORMAT', 'LIMIT_EXCEEDED'];

/** Whether it is the attachment that is at fault: then it is left to the message, as a kind without a format of its own is. */
const isDamage = (error: unknown): boolean => error instanceof SealwrightError && damage.includes(error.code);

/** The message with the attachments opened that are protected under its license; nothing of them is decrypted yet. */
export async function withOpenedAttachments(
  message: MailMessage,
  openPart: OpenDocumentOptions['openPart'],
  options?: WaitOptions,
): Promise<MailMessage> {
  if (openPart === undefined) return message;
  const attachments: MailAttachment[] = [];
  const room = roomToKeep();
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
            content: await writtenSource(part, options, room),
          }),
    );
  }
  return Object.freeze({ ...message, attachments: Object.freeze(attachments) });
}

/** Ends whoever is still writing an attachment of an `opened` message in the middle, and what it holds of the key with it. */
export async function closeAttachments(opened: MailMessage, message: MailMessage): Promise<void> {
  for (const [index, attachment] of opened.attachments.entries())
    if (attachment.kind === 'file' && attachment !== message.attachments[index])
      await attachment.content.close?.();
}
