import { type ByteSource, maxima, type WaitOptions, writtenBytes } from '../bytes/index.ts';
import {
  detectionBytes,
  type MailAttachment,
  type MailMessage,
  mailModule,
  recognise,
} from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import type { MessageContent, OpenedAttachment, OpenedMessage } from './opened-message.ts';

/** Opens protected messages that are attached. */
export interface NestedOpening extends WaitOptions {
  open(
    input: ByteSource | Uint8Array,
    name: string | undefined,
    options: WaitOptions | undefined,
  ): Promise<OpenedMessage>;
}

/**
 * What a message says, ready to be asked for.
 *
 * @param opened numbers of the attachments that were protected under the license of the message: they are written when they
 *   are read, from their beginning with each step back, so what they are is told by how they begin
 */
export async function messageContent(
  message: MailMessage,
  nested: NestedOpening,
  opened: ReadonlySet<number> = new Set(),
): Promise<MessageContent> {
  const { bodyText, fieldText } = await mailModule();
  const { fields, body } = message;
  const { signal } = nested;
  const attachments: OpenedAttachment[] = [];
  for (const [index, attachment] of message.attachments.entries())
    attachments.push(await attached(attachment, nested, opened.has(index)));
  return {
    fields,
    subject: fieldText(fields, 'subject'),
    text: (wait) => bodyText(body, 'plain', { signal, ...wait }),
    html: (wait) => bodyText(body, 'html', { signal, ...wait }),
    attachments: Object.freeze(attachments),
  };
}

const tooLarge = `The attached message has more than ${maxima.collectedBytes} bytes, too many to be opened from here. Write the message around it to a file, and open the attachment by itself.`;

/** Kinds of what `recognise` tells that stand for protection. */
const protectedKinds: ReadonlySet<string> = new Set(['pfile', 'office', 'pdf', 'mail']);

async function attached(
  attachment: MailAttachment,
  nested: NestedOpening,
  wasOpened: boolean,
): Promise<OpenedAttachment> {
  const { isProtectedMessage, writeMail } = await mailModule();
  const { name, contentType, contentId, inline } = attachment;
  const facts = { name, contentType, contentId, inline, size: undefined, source: undefined };
  const none = async (): Promise<never> => {
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'This attachment is no protected message. Read it as it is.',
    );
  };
  if (attachment.kind === 'storage')
    return Object.freeze({ ...facts, isProtected: false, message: undefined, open: none });
  if (attachment.kind === 'message') {
    const { message } = attachment;
    const isProtected = isProtectedMessage(message);
    return Object.freeze({
      ...facts,
      isProtected,
      message: Object.freeze(await messageContent(message, nested)),
      async open(wait?: WaitOptions) {
        if (!isProtected) return none();
        const writer = await writeMail(message, 'eml', wait);
        const bytes = await writtenBytes(
          (sink) => writer.writeTo(sink, wait),
          maxima.collectedBytes,
          tooLarge,
        );
        return nested.open(bytes, name, wait);
      },
    });
  }
  const { content } = attachment;
  const head = new Uint8Array(await content.read(0, detectionBytes, nested));
  const { kind } = await recognise(head, wasOpened ? undefined : content, nested);
  // What writes it would wait in the middle, with its windows, until somebody reads on.
  if (wasOpened) await content.close?.();
  return Object.freeze({
    ...facts,
    size: content.size,
    source: content,
    isProtected: protectedKinds.has(kind),
    message: undefined,
    open: (wait?: WaitOptions) => (kind === 'mail' ? nested.open(content, name, wait) : none()),
  });
}
