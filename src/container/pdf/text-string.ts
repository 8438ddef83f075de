import { encodeHex, encodeUtf8 } from '../../bytes/index.ts';
import type { PdfString } from './pdf-document.ts';
import { pdfValueBytes } from './write-value.ts';

/**
 * A text as a PDF has it (ISO 32000-2, 7.9.2.2): as it is where it is ASCII, else in UTF-16, which every reader knows.
 *
 * @example
 * ```ts
 * textString('Größe').bytes; // fe ff 00 47 ...
 * ```
 */
export function textString(text: string): PdfString {
  if (/^[\x20-\x7e]*$/.test(text)) return { kind: 'string', bytes: encodeUtf8(text) };
  const bytes = new Uint8Array(2 + text.length * 2);
  bytes.set([0xfe, 0xff]);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[2 + 2 * i] = unit >> 8;
    bytes[3 + 2 * i] = unit & 0xff;
  }
  return { kind: 'string', bytes };
}

/** {@link textString} as it stands in a file, in ASCII. */
export function textStringSource(text: string): string {
  const string = textString(text);
  return string.bytes[0] === 0xfe
    ? `<${encodeHex(string.bytes)}>`
    : String.fromCharCode(...pdfValueBytes(string));
}

/** Characters of PDFDocEncoding (ISO 32000-2, annex D.3) that are not at their Latin-1 place. */
const moved = new Map([
  ...[...'\u02d8\u02c7\u02c6\u02d9\u02dd\u02db\u02da\u02dc'].map((text, i) => [0x18 + i, text] as const),
  ...[
    ...'\u2022\u2020\u2021\u2026\u2014\u2013\u0192\u2044\u2039\u203a\u2212\u2030\u201e\u201c\u201d\u2018\u2019\u201a\u2122\ufb01\ufb02\u0141\u0152\u0160\u0178\u017d\u0131\u0142\u0153\u0161\u017e',
  ].map((text, i) => [0x80 + i, text] as const),
  [0xa0, '\u20ac'] as const,
]);

/** The text of a string: UTF-16 or UTF-8 with its mark, else PDFDocEncoding (ISO 32000-2, 7.9.2.2). Anything gives some text. */
export function readTextString(bytes: Uint8Array): string {
  const [first, second, third] = bytes;
  if (first === 0xfe && second === 0xff) return utf16(bytes, 0);
  if (first === 0xff && second === 0xfe) return utf16(bytes, 1);
  if (first === 0xef && second === 0xbb && third === 0xbf) return new TextDecoder().decode(bytes);
  let text = '';
  for (const byte of bytes) text += moved.get(byte) ?? String.fromCharCode(byte);
  return text;
}

/** @param swapped 1 if the lower byte of each pair comes first */
function utf16(bytes: Uint8Array, swapped: 0 | 1): string {
  let text = '';
  for (let at = 2; at + 1 < bytes.length; at += 2)
    text += String.fromCharCode(((bytes[at + swapped] as number) << 8) | (bytes[at + 1 - swapped] as number));
  return text;
}
