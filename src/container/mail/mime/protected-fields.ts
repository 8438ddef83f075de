import { type HeaderField, type MailMessage, rpmsgContentClass } from '../mail-message.ts';
import { parseHeaderBlock } from './header-block.ts';
import { messageFields } from './mail-fields.ts';
import { endsWith } from './merge-header.ts';
import { decodeSkeleton, skeletonHeader } from './skeleton.ts';

/**
 * Fields that say something of the text, or prove it: remarks and keywords, previews, reports with excerpts, and
 * signatures, which state a digest of the body and would not fit any more. They travel inside, and come back when the
 * message is opened (spec/mail.md, "MIME", "Fields that are withheld").
 */
const withheld = new Set([
  'comments',
  'keywords',
  'abstract',
  'summary',
  'preview',
  'x-preview',
  'x-spam-report',
  'x-spam-prev-content-type',
  'content-language',
  'domainkey-signature',
  'arc-message-signature',
  'arc-seal',
  'x-microsoft-exchange-diagnostics',
  'x-ms-tnef-correlator',
  'lines',
  'content-class',
]);

/** Services sign under names of their own, `X-Google-DKIM-Signature`. */
const isWithheld = ({ name }: HeaderField): boolean =>
  withheld.has(name.toLowerCase()) || /dkim-signature$/i.test(name);

/** The fields of a message that stay readable when it is protected. */
export const clearFields = (message: MailMessage): readonly HeaderField[] =>
  messageFields(message.fields).filter((field) => !isWithheld(field));

/** The header block that a message had as MIME; empty if it had none. */
export function originalHeader({ original }: MailMessage): Uint8Array {
  const skeleton = original?.form === 'mime' ? decodeSkeleton(original.bytes) : undefined;
  return skeleton === undefined ? new Uint8Array(0) : skeletonHeader(skeleton);
}

/**
 * The message that a protected one was before: its text and attachments under the fields of the message that it came in.
 * What happened to those on the way (`Received`, a changed subject) is there; what was withheld comes back.
 *
 * @param outer the message with the protected part, see {@link findProtectedPart}
 * @param opened what was in it
 *
 * @example
 * ```ts
 * const writer = await mimeWriter(restoredMessage(found.message, opened));
 * ```
 */
export function restoredMessage(outer: Pick<MailMessage, 'fields'>, opened: MailMessage): MailMessage {
  const header = originalHeader(opened);
  const inner = messageFields(header.length > 0 ? parseHeaderBlock(header) : opened.fields);
  const clear = messageFields(outer.fields).filter(
    ({ name, value }) =>
      name.toLowerCase() !== 'content-class' || value.trim().toLowerCase() !== rpmsgContentClass,
  );
  const kept = inner.filter((field) => !isWithheld(field));
  const present = new Set(clear.map(({ name }) => name.toLowerCase()));
  const fields = endsWith(clear, kept)
    ? [...clear.slice(0, clear.length - kept.length), ...inner]
    : [...clear, ...inner.filter((field) => isWithheld(field) && !present.has(field.name.toLowerCase()))];
  return Object.freeze({ ...opened, fields: Object.freeze(fields) });
}
