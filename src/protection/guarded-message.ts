import type { MailAttachment, MailBody, MailMessage } from '../container/index.ts';
import { guardedSource } from './guarded-source.ts';

/** A message of whose texts and attachments nothing is read without asking `check` first, messages within it included. */
export function guardedMessage(message: MailMessage, check: () => void): MailMessage {
  const { body, attachments } = message;
  return Object.freeze({
    ...message,
    body: body && guardedBody(body, check),
    attachments: Object.freeze(attachments.map((each) => guardedAttachment(each, check))),
  });
}

function guardedBody(body: MailBody, check: () => void): MailBody {
  const { plain, html, rtf } = body;
  return Object.freeze({
    ...body,
    ...(plain && { plain: guardedSource(plain, check) }),
    ...(html && { html: guardedSource(html, check) }),
    ...(rtf && { rtf: guardedSource(rtf, check) }),
  });
}

function guardedAttachment(attachment: MailAttachment, check: () => void): MailAttachment {
  switch (attachment.kind) {
    case 'file':
      return Object.freeze({ ...attachment, content: guardedSource(attachment.content, check) });
    case 'message':
      return Object.freeze({ ...attachment, message: guardedMessage(attachment.message, check) });
    case 'storage':
      return Object.freeze({
        ...attachment,
        open: (stream: Parameters<typeof attachment.open>[0]) =>
          guardedSource(attachment.open(stream), check),
      });
  }
}
