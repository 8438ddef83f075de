/** What reads, shows and writes messages. It is much, and loaded when first asked for: see `mailModule`. */
export { isProtectedMessage } from './is-protected-message.ts';
export { readLabelField, withLabelField } from './labels/mime-labels.ts';
export { readItemLabels, withItemLabels } from './labels/msg-labels.ts';
export { recipientsOf } from './mime/index.ts';
export { type NewMessage, newMessage } from './new-message.ts';
export { type MailParticipants, mailParticipants } from './participants.ts';
export { bodyText, fieldOf, fieldText } from './view.ts';
export { writeMail } from './write-mail.ts';
