import { decodeUtf8 } from '../../../bytes/index.ts';
import { decodeCodePage } from '../../property-set/code-page.ts';

/** A header field and where it stands in the bytes of its block. */
export interface RawField {
  /** As written: `Content-Type`. */
  readonly name: string;
  /** Behind the colon, without white space at either end; folds and encoded words as they are. */
  readonly value: string;
  /** Offset of its first byte in the block. */
  readonly start: number;
  /** Offset behind its last line break. */
  readonly end: number;
}

const [tab, lineFeed, carriageReturn, space, colon] = [9, 10, 13, 32, 58];
const encoder = new TextEncoder();
const mailboxLine = encoder.encode('From ');
const byteOrderMark = Uint8Array.of(0xef, 0xbb, 0xbf);

const beginsAt = (bytes: Uint8Array, at: number, wanted: Uint8Array): boolean =>
  wanted.every((each, index) => bytes[at + index] === each);

/** Where a header begins: behind the mark that some editors put in front of a text. */
const headerBegin = (bytes: Uint8Array, at: number): number =>
  beginsAt(bytes, at, byteOrderMark) ? at + byteOrderMark.length : at;

/** What the line of a header at `from` is; `end` is behind its line break. */
export type HeaderLine = 'field' | 'continuation' | 'end' | 'other';

/**
 * Tells the lines of a header apart; the `first` may have a byte-order mark. A line that is nothing of a header ends it, and belongs to the body: that is how
 * mail servers and readers take it, and a text must not be taken for a header.
 */
export function headerLine(bytes: Uint8Array, from: number, end: number, first: boolean): HeaderLine {
  const start = first ? headerBegin(bytes, from) : from;
  const byte = bytes[start];
  if (byte === lineFeed || (byte === carriageReturn && bytes[start + 1] === lineFeed)) return 'end';
  if (byte === space || byte === tab) return first ? 'other' : 'continuation';
  let at = start;
  while (at < end && bytes[at]! > space && bytes[at]! < 127 && bytes[at] !== colon) at++;
  const nameEnd = at;
  while (bytes[at] === space || bytes[at] === tab) at++;
  if (nameEnd > start && at < end && bytes[at] === colon) return 'field';
  // A mailbox file's line in front of the header, which some exports leave.
  return first && beginsAt(bytes, start, mailboxLine) ? 'continuation' : 'other';
}

/** Whether a block has the empty line at its end. A header that a line of the body ended has none. */
export function hasEmptyLine(block: Uint8Array): boolean {
  let at = block.length - 1;
  if (block[at] !== lineFeed) return false;
  if (block[--at] === carriageReturn) at--;
  return at < 0 || block[at] === lineFeed;
}

/** The fields of a block, in their order. Lines that are none are passed over. */
export function parseHeaderBlock(block: Uint8Array): readonly RawField[] {
  const fields: RawField[] = [];
  let start = -1;
  const close = (end: number): void => {
    if (start >= 0) fields.push(fieldAt(block, start, end));
    start = -1;
  };
  for (let at = 0; at < block.length; ) {
    const found = block.indexOf(lineFeed, at);
    const end = found < 0 ? block.length : found + 1;
    const kind = headerLine(block, at, end, at === 0);
    if (kind !== 'continuation') close(at);
    if (kind === 'field') start = at === 0 ? headerBegin(block, 0) : at;
    at = end;
  }
  close(block.length);
  return fields;
}

function fieldAt(block: Uint8Array, start: number, end: number): RawField {
  const text = headerText(block.subarray(start, end));
  const split = text.indexOf(':');
  return { name: text.slice(0, split).trimEnd(), value: trimmed(text.slice(split + 1)), start, end };
}

/** Only what is white space in a header; a no-break space is text. By hand: a pattern would take the square of a long run. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

const isBlank = (unit: number): boolean =>
  unit === space || unit === tab || unit === lineFeed || unit === carriageReturn;

/** Bytes of a header as text: UTF-8 (RFC 6532), else a character for each byte, so that nothing is lost. */
export function headerText(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    return decodeCodePage(bytes, 1252);
  }
}

/** The value of the first field of that name, compared without case. */
export const fieldValue = (
  fields: readonly { readonly name: string; readonly value: string }[],
  name: string,
): string | undefined => fields.find((each) => each.name.toLowerCase() === name)?.value;

/** A value on one line. */
export const unfolded = (value: string): string =>
  value.replace(/\r?\n(?=[ \t])/g, '').replace(/[\r\n]+/g, ' ');
