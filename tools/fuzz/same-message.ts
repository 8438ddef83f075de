import { equalBytes, memorySource } from '../../src/bytes/index.ts';
import type { MailAttachment, MailMessage } from '../../src/container/mail/mail-message.ts';
import { fieldKey } from '../../src/container/mail/mime/merge-header.ts';
import { bodyText, fieldText } from '../../src/container/mail/view.ts';
import { readPdf } from '../../src/container/pdf/read/read-pdf.ts';
import { SealwrightError } from '../../src/errors.ts';
import { mustBeSamePdf } from './same-pdf.ts';
import { wholeSource } from './whole-source.ts';

const nothing = memorySource(new Uint8Array(0));

/** Texts, and contents of what is attached, in their order; those of attached messages too. */
export async function contentsOf({ body, attachments }: MailMessage): Promise<Uint8Array[]> {
  const contents: Uint8Array[] = [];
  for (const kind of ['plain', 'html', 'rtf'] as const) contents.push(await wholeSource(body?.[kind] ?? nothing));
  for (const each of attachments) {
    if (each.kind === 'file') contents.push(await wholeSource(each.content));
    else if (each.kind === 'message') contents.push(...(await contentsOf(each.message)));
    else
      for (const entry of each.storage.entries)
        if (entry.kind === 'stream') contents.push(await wholeSource(each.open(entry)));
  }
  return contents;
} // biome-ignore format: one loop

/** What people see of a message: its header and its texts. */
export async function viewed(message: MailMessage): Promise<void> {
  for (const { name } of message.fields.slice(0, 40)) fieldText(message.fields, name);
  for (const kind of ['plain', 'html'] as const)
    try {
      await bodyText(message.body, kind);
    } catch (error) {
      if (!(error instanceof SealwrightError)) throw error;
    }
  for (const each of message.attachments) if (each.kind === 'message') await viewed(each.message);
}

export const equalLists = (one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean =>
  one.length === other.length &&
  one.every((bytes, index) => equalBytes(bytes, other[index] ?? new Uint8Array(0)));

/** A control character that is none of white space. */
const isControl = (character: string): boolean => character < ' ' && character !== '\t' && character !== '\n';

/** What differs between two messages; `undefined` if they say the same. */
export async function difference(a: MailMessage, b: MailMessage): Promise<string | undefined> {
  // Nobody can tell whether a lone CR ends a line, and other control characters may stand in no header field.
  const ambiguous = a.fields.some(({ value }) => [...value.replaceAll('\r\n', '')].some(isControl));
  if (!ambiguous && a.fields.map(fieldKey).join('\n') !== b.fields.map(fieldKey).join('\n'))
    return 'the header';
  if (a.body?.native !== b.body?.native) return 'the kind of the body';
  if (a.attachments.length !== b.attachments.length) return 'the number of attachments';
  for (const [i, one] of a.attachments.entries()) {
    const other = b.attachments[i] as MailAttachment;
    if (one.kind !== other.kind || one.name !== other.name || one.inline !== other.inline)
      return `what attachment ${i} is`;
    if (one.kind === 'message' && other.kind === 'message') {
      const inside = await difference(one.message, other.message);
      if (inside !== undefined) return `${inside} of attachment ${i}`;
    }
  }
  return (await sameContents(await contentsOf(a), await contentsOf(b))) ? undefined : 'a content';
}

/** Whether contents are the same bytes, or the same PDF: one that was protected for itself is written again. */
async function sameContents(one: readonly Uint8Array[], other: readonly Uint8Array[]): Promise<boolean> {
  if (one.length !== other.length) return false;
  for (const [index, bytes] of one.entries()) {
    const again = other[index] as Uint8Array;
    if (equalBytes(bytes, again)) continue;
    if (!Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-')) return false;
    await mustBeSamePdf(await readPdf(memorySource(bytes)), await readPdf(memorySource(again)));
  }
  return true;
}
