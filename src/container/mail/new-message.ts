import { encodeUtf8, memorySource } from '../../bytes/index.ts';
import type { HeaderField, MailAttachment, MailBody, MailMessage } from './mail-message.ts';

/** What a new message says. */
export interface NewMessage {
  readonly fields: readonly HeaderField[];
  readonly plain?: string | undefined;
  readonly html?: string | undefined;
  readonly attachments?: readonly MailAttachment[] | undefined;
}

const utf8CodePage = 65001;

/** A message of texts in UTF-8. */
export function newMessage({ fields, plain, html, attachments = [] }: NewMessage): MailMessage {
  return Object.freeze({
    fields: Object.freeze([...fields]),
    body: bodyOf(plain, html),
    attachments: Object.freeze([...attachments]),
  });
}

function bodyOf(plain: string | undefined, html: string | undefined): MailBody | undefined {
  if (plain === undefined && html === undefined) return undefined;
  return Object.freeze({
    native: html === undefined ? 'plain' : 'html',
    codePage: utf8CodePage,
    ...(plain !== undefined && { plain: memorySource(encodeUtf8(plain)) }),
    ...(html !== undefined && { html: memorySource(encodeUtf8(html)) }),
  });
}
