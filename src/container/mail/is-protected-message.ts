import { type MailMessage, rpmsgContentClass, rpmsgContentType } from './mail-message.ts';
import { fieldOf } from './view.ts';

/** Whether a message that was read carries its real content in a `message.rpmsg`, as `recognise` tells of a whole file. */
export const isProtectedMessage = ({ fields, attachments }: MailMessage): boolean =>
  attachments.some(
    ({ kind, contentType }) => kind === 'file' && contentType?.toLowerCase() === rpmsgContentType,
  ) &&
  (fieldOf(fields, 'content-class')?.toLowerCase() === rpmsgContentClass || attachments.length === 1);
