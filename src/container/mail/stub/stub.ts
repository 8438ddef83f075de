import type { MailStub } from '../settings.ts';
import { type StubText, stubTexts } from './languages.ts';

/** A stub in both its forms. */
export interface WholeStub {
  readonly plain: string;
  readonly html: string;
}

/**
 * What the clear part of a protected message says: what the caller wants, else that the message is protected and how
 * to open it, in several languages (spec/mail.md, "Stub"). Always as text and as HTML.
 */
export function stubOf(chosen: MailStub | undefined): WholeStub {
  if (chosen === undefined) return { plain: plainText(stubTexts), html: htmlText(stubTexts) };
  const { plain, html } = chosen;
  return { plain, html: html ?? htmlOf(plain) };
}

/** Lines end as mail has them. */
const plainText = (texts: readonly StubText[]): string =>
  texts.map(({ title, body }) => `${title}\r\n${body}\r\n`).join('\r\n');

const htmlText = (texts: readonly StubText[]): string => {
  const [first] = texts as readonly [StubText, ...StubText[]];
  const blocks = texts.map(
    ({ language, title, body }, index) =>
      `<div lang="${language}"${index === 0 ? '' : ' style="margin-top:1.2em;padding-top:1.2em;border-top:1px solid #ddd"'}>` +
      `<p style="margin:0 0 .3em;font-weight:600">${escaped(title)}</p>` +
      `<p style="margin:0">${escaped(body)}</p></div>`,
  );
  return page(first.title, blocks.join('\r\n'));
};

/** A text of the caller's as HTML: its paragraphs and lines. */
function htmlOf(plain: string): string {
  const paragraphs = plain.trim().split(/(?:\r?\n){2,}/);
  const lines = (text: string): string => escaped(text).replace(/\r?\n/g, '<br>\r\n');
  const title = (paragraphs[0] ?? '').split(/\r?\n/)[0] ?? '';
  return page(title, paragraphs.map((paragraph) => `<p>${lines(paragraph)}</p>`).join('\r\n'));
}

/** Mail programs know no style sheets to speak of: what style there is stands with the elements. */
const page = (title: string, body: string): string =>
  `<!DOCTYPE html>\r\n<html>\r\n<head>\r\n<meta charset="utf-8">\r\n<title>${escaped(title)}</title>\r\n</head>\r\n` +
  '<body style="margin:2em;max-width:40em;font:15px/1.5 \'Segoe UI\',Helvetica,Arial,sans-serif;color:#222;background:#fff">\r\n' +
  `${body}\r\n</body>\r\n</html>\r\n`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
