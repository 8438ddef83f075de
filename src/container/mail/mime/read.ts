import { type ByteSource, concatenatedSource, encodeUtf8, type WaitOptions } from '../../../bytes/index.ts';
import type { MailAttachment, MailBody, MailMessage } from '../mail-message.ts';
import { attachmentFacts } from './attachment-facts.ts';
import { type BodyForm, defaultForm, surveyForm } from './body-form.ts';
import { type BodyParts, findBodyParts, isLeaf, isSealed } from './body-parts.ts';
import { codePageOf, extendsAscii } from './charset.ts';
import { decodedBody } from './decoded-body.ts';
import { mimeLimits } from './limits.ts';
import { messageFields } from './mail-fields.ts';
import { encodedBody, holdsMessage, type MimePart } from './mime-part.ts';
import type { ContentPiece } from './skeleton.ts';
import { skeletonOf } from './skeleton-of.ts';
import { splitMime } from './split.ts';
import { surveyText } from './text-survey.ts';

/**
 * Reads a MIME message: fields, text, attachments, messages within it (spec/mail.md, "MIME", "Reading").
 *
 * Contents stay where they are, and are decoded as they are read; all of them are seekable and of known size.
 *
 * @param source the message; seekable, of known size, and to be kept open as long as contents are read
 * @throws SealwrightError `LIMIT_EXCEEDED` for more parts, depth or header than any message has
 *
 * @example
 * ```ts
 * const message = await readMime(memorySource(bytes));
 * for (const { name, kind } of message.attachments) console.log(kind, name);
 * ```
 */
export async function readMime(source: ByteSource, options?: WaitOptions): Promise<MailMessage> {
  return messageOf(await splitMime(source, options), 0, options);
}

/** {@link readMime} of a message that was split already. @param depth messages that it stands in */
export async function messageOf(root: MimePart, depth: number, options?: WaitOptions): Promise<MailMessage> {
  const parts = findBodyParts(root);
  const body = await readBody(parts, options);
  const attachments: MailAttachment[] = [];
  const contents: [part: MimePart, piece: ContentPiece, length: number][] = [];
  const visit = async (part: MimePart, related: boolean): Promise<void> => {
    if (!isLeaf(part)) {
      for (const child of part.children)
        await visit(child, part.contentType.value === 'multipart/related' || (related && part !== root));
      return;
    }
    const own = body.texts.get(part);
    if (own !== undefined && !isSealed(part)) {
      contents.push([part, { kind: 'content', of: own.of, index: 0, skip: 0, ...own.form }, own.length]);
      return;
    }
    const { attachment, form, skip, length } = await readAttachment(part, related, depth, options);
    contents.push([
      part,
      { kind: 'content', of: 'attachment', index: attachments.length, skip, ...form },
      length,
    ]);
    attachments.push(Object.freeze(attachment));
  };
  await visit(root, false);
  const bytes = await skeletonOf(root, contents, options);
  return Object.freeze({
    fields: messageFields(root.fields),
    body: body.body,
    attachments: Object.freeze(attachments),
    ...(bytes !== undefined && { original: Object.freeze({ form: 'mime' as const, bytes }) }),
  });
}

/** A text, and how it stood in the message. */
interface Text {
  readonly of: 'plain' | 'html';
  readonly content: ByteSource;
  readonly form: BodyForm;
  /** Encoded bytes, without the line breaks behind them. */
  readonly length: number;
  readonly codePage: number;
  readonly ascii: boolean;
}

interface ReadBody {
  readonly body: MailBody | undefined;
  readonly texts: ReadonlyMap<MimePart, Text>;
}

async function readBody(parts: BodyParts, options: WaitOptions | undefined): Promise<ReadBody> {
  const html = parts.html && (await readText(parts.html, 'html', options));
  const found = parts.plain && (await readText(parts.plain, 'plain', options));
  // A message has one code page. A plain text in another one than the HTML stays what it is, as an attachment.
  const plain = found && (html === undefined || fitsBoth(found, html)) ? found : undefined;
  const texts = new Map<MimePart, Text>();
  if (parts.html && html) texts.set(parts.html, html);
  if (parts.plain && plain) texts.set(parts.plain, plain);
  const first = html ?? plain;
  if (first === undefined) return { body: undefined, texts };
  const codePage = first.ascii && extendsAscii(first.codePage) ? (plain ?? first).codePage : first.codePage;
  return {
    body: Object.freeze({
      native: first.of,
      codePage,
      ...(plain && { plain: plain.content }),
      ...(html && { html: html.content }),
    }),
    texts,
  };
}

/** Whether there is a code page that both texts can be read in as they are. */
const fitsBoth = (one: Text, other: Text): boolean =>
  one.codePage === other.codePage ||
  (extendsAscii(one.codePage) && extendsAscii(other.codePage) && (one.ascii || other.ascii));

async function readText(part: MimePart, of: Text['of'], options: WaitOptions | undefined): Promise<Text> {
  const text = surveyText();
  const form = surveyForm(part.encoding);
  const content = await decodedBody(part, { encoded: form.see, decoded: text.see }, options);
  const { charset } = part.contentType;
  const { kind } = text;
  // Without a charset, or with one nobody knows, the bytes themselves say most.
  const stated = charset === undefined ? undefined : codePageOf(charset);
  const codePage =
    stated === undefined || (stated === 20127 && kind !== 'ascii')
      ? kind === 'other'
        ? 1252
        : 65001
      : stated;
  return {
    of,
    content,
    form: form.form,
    length: contentLength(part, form.contentEnd),
    codePage: codePage === 20127 ? 65001 : codePage,
    ascii: kind === 'ascii',
  };
}

/** Line breaks behind base64 are no content, and are kept as they are. */
const contentLength = (part: MimePart, contentEnd: number): number =>
  part.encoding === 'base64' ? contentEnd : part.body.end - part.body.start;

interface ReadAttachment {
  readonly attachment: MailAttachment;
  readonly form: BodyForm;
  readonly skip: number;
  readonly length: number;
}

async function readAttachment(
  part: MimePart,
  related: boolean,
  depth: number,
  options: WaitOptions | undefined,
): Promise<ReadAttachment> {
  const facts = attachmentFacts(part, related);
  const length = part.body.end - part.body.start;
  if (isSealed(part)) {
    // With its type in front, as Outlook keeps such messages, [MS-OXOSMIME] 2.1.
    const type = encodeUtf8(sealedHeader(part));
    const content = concatenatedSource([type, encodedBody(part)]);
    const attachment = { kind: 'file' as const, ...facts, name: facts.name ?? 'smime.p7m', content };
    return { attachment, form: defaultForm('identity'), skip: type.length, length };
  }
  if (holdsMessage(part) && depth < mimeLimits.nestedMessages) {
    const message = await messageOf(part.children[0] as MimePart, depth + 1, options);
    return {
      attachment: { kind: 'message', ...facts, message },
      form: defaultForm('identity'),
      skip: 0,
      length,
    };
  }
  const form = surveyForm(part.encoding);
  const content = await decodedBody(part, { encoded: form.see }, options);
  const described = { form: form.form, skip: 0, length: contentLength(part, form.contentEnd) };
  if (
    part.contentType.value === 'message/rfc822' &&
    part.encoding !== 'identity' &&
    depth < mimeLimits.nestedMessages
  ) {
    const message = await messageOf(await splitMime(content, options), depth + 1, options);
    return { attachment: { kind: 'message', ...facts, message }, ...described };
  }
  return { attachment: { kind: 'file', ...facts, content }, ...described };
}

function sealedHeader(part: MimePart): string {
  const type = part.fields.find(({ name }) => name.toLowerCase() === 'content-type');
  return `Content-Type: ${type?.value ?? part.contentType.value}\r\n\r\n`;
}
