import type { ByteSource } from '../../../bytes/index.ts';
import { type MailMessage, rpmsgContentClass } from '../mail-message.ts';
import { newMessage } from '../new-message.ts';
import { stubOf } from '../stub/stub.ts';
import type { OuterMessage } from './outer-message.ts';
import { rpmsgAttachment } from './rpmsg-attachment.ts';

/** A `message.rpmsg` without the message around it: nobody knows its subject, sender and recipients any more. */
export const bareRpmsg = (source: ByteSource): OuterMessage =>
  Object.freeze<OuterMessage>({
    form: 'rpmsg',
    rpmsg: source,
    labels: '',
    message: async () => messageAround(source),
    restored: (inside) => inside,
  });

/** A clear message of which nothing is known but its protected part. */
function messageAround(content: ByteSource): MailMessage {
  return newMessage({
    fields: [{ name: 'Content-Class', value: rpmsgContentClass }],
    ...stubOf(undefined),
    attachments: [rpmsgAttachment(content)],
  });
}
