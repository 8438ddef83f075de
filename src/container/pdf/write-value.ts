import { encodeHex, maxima } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import {
  appendCount,
  appendText,
  type GrowingBytes,
  growingBytes,
  reserve,
  written,
} from './growing-bytes.ts';
import type { PdfReference, PdfString, PdfValue } from './pdf-document.ts';
import { signatureContents } from './read/dictionary.ts';

/** What is written in the place of strings. */
export type ReplacedStrings = ReadonlyMap<PdfString, Uint8Array>;

/**
 * A value as it stands in a file (spec/pdf.md, "Reading"): reading these bytes gives an equal value. Numbers are written as
 * they were read, strings in parentheses, which is never longer than in hexadecimal digits; only signatures are in those.
 *
 * The bytes begin and end with a delimiter or with a regular character: put white space between two values.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` for numbers, references and names that have no form, and for values nested
 *   deeper than they are read
 *
 * @example
 * ```ts
 * pdfValueBytes({ kind: 'name', text: 'application/pdf' }); // /application#2Fpdf
 * ```
 */
export function pdfValueBytes(value: PdfValue): Uint8Array {
  const target = growingBytes();
  appendValue(target, value);
  return written(target).slice();
}

/** Appends what {@link pdfValueBytes} gives, with other strings in the place of those in `replaced`. */
export function appendValue(
  target: GrowingBytes,
  value: PdfValue,
  replaced?: ReplacedStrings,
  depth = 0,
): void {
  if (depth > maxima.pdfDepth) throw unwritable('Its values are nested too deeply');
  if (value === null || typeof value === 'boolean') appendText(target, String(value));
  else if (value.kind === 'number') appendNumber(target, value.text);
  else if (value.kind === 'name') appendName(target, value.text);
  else if (value.kind === 'string') appendString(target, replaced?.get(value) ?? value.bytes);
  else if (value.kind === 'reference') appendReference(target, value);
  else if (value.kind === 'array') {
    let before = '[';
    for (const item of value.items) {
      appendText(target, before);
      appendValue(target, item, replaced, depth + 1);
      before = ' ';
    }
    appendText(target, value.items.length === 0 ? '[]' : ']');
  } else {
    const signature = signatureContents(value);
    let before = '<<';
    for (const [key, item] of value.entries) {
      appendText(target, before);
      appendName(target, key);
      appendText(target, ' ');
      // The standard wants hexadecimal digits here: what was signed ends at the angle brackets.
      if (signature !== undefined && item === signature)
        appendText(target, `<${encodeHex(signature.bytes)}>`);
      else appendValue(target, item, replaced, depth + 1);
      before = ' ';
    }
    appendText(target, value.entries.size === 0 ? '<<>>' : '>>');
  }
}

function appendReference(target: GrowingBytes, { number, generation }: PdfReference): void {
  if (!isWhole(number) || !isWhole(generation)) throw unwritable('A reference leads nowhere');
  appendCount(target, number);
  appendText(target, ' ');
  appendCount(target, generation);
  appendText(target, ' R');
}

const isWhole = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

const unwritable = (what: string): SealwrightError =>
  new SealwrightError('INVALID_ARGUMENT', `The value cannot be written into a PDF. ${what}.`);

/** Whether each byte is one of `characters`. */
function oneOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

const digits = '0123456789';
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const inNumbers = oneOf(`${digits}+-.`);
/** Visible and regular, and not what introduces an escape. */
const inNames = oneOf(`${digits}${letters}!"$&'*+,-.:;=?@\\^_\`|~`);

function appendNumber(target: GrowingBytes, text: string): void {
  if (text.length === 0) throw unwritable('A number has no digits');
  for (let i = 0; i < text.length; i++)
    if (inNumbers[text.charCodeAt(i)] !== 1) throw unwritable('A number has no digits');
  appendText(target, text);
}

/** A name with `#xx` for what is neither a letter nor another regular, visible character. */
function appendName(target: GrowingBytes, name: string): void {
  const bytes = reserve(target, 1 + 3 * name.length);
  let at = target.length;
  bytes[at++] = 0x2f;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (inNames[code] === 1) bytes[at++] = code;
    else {
      if (code > 0xff) throw unwritable('A name has a character that is no byte');
      bytes[at++] = 0x23;
      bytes[at++] = hexDigit(code >> 4);
      bytes[at++] = hexDigit(code & 15);
    }
  }
  target.length = at;
}

const hexDigit = (value: number): number => (value < 10 ? 0x30 : 0x37) + value;

const [open, close, backslash, carriageReturn] = [0x28, 0x29, 0x5c, 0x0d];

/** Bytes that would end a string or be read as something else. */
const escaped = oneOf('()\\\r');

function escapesIn(string: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < string.length; i++) count += escaped[string[i] as number] as number;
  return count;
}

function appendString(target: GrowingBytes, string: Uint8Array): void {
  const bytes = reserve(target, 2 + string.length + escapesIn(string));
  let at = target.length;
  bytes[at++] = open;
  for (let i = 0; i < string.length; i++) {
    const byte = string[i] as number;
    if (escaped[byte] === 1) {
      bytes[at++] = backslash;
      // However a line ends in a string, it is read as a line feed.
      bytes[at++] = byte === carriageReturn ? 0x72 : byte;
    } else bytes[at++] = byte;
  }
  bytes[at++] = close;
  target.length = at;
}
