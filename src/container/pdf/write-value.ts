import { concatBytes, encodeHex, encodeUtf8, maxima } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { PdfValue } from './pdf-document.ts';

/**
 * A value as it stands in a file (spec/pdf.md, "Reading"): reading these bytes gives an equal value. Numbers are written as
 * they were read. A string that is plain text is written in parentheses, any other in hexadecimal digits.
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
  const parts: Uint8Array[] = [];
  let text = '';
  write(
    value,
    (more) => {
      text += more;
    },
    (bytes) => {
      parts.push(encodeUtf8(text), bytes);
      text = '';
    },
    0,
  );
  parts.push(encodeUtf8(text));
  return parts.length === 1 ? (parts[0] as Uint8Array) : concatBytes(parts);
}

/** @param text takes ASCII @param bytes takes anything */
function write(
  value: PdfValue,
  text: (more: string) => void,
  bytes: (more: Uint8Array) => void,
  depth: number,
): void {
  if (depth > maxima.pdfDepth) throw unwritable('Its values are nested too deeply');
  if (value === null) return text('null');
  if (typeof value === 'boolean') return text(String(value));
  switch (value.kind) {
    case 'number':
      if (!/^[+\-.\d][+\-.\d]*$/.test(value.text)) throw unwritable('A number has no digits');
      return text(value.text);
    case 'reference':
      if (!isWhole(value.number) || !isWhole(value.generation)) throw unwritable('A reference leads nowhere');
      return text(`${value.number} ${value.generation} R`);
    case 'name':
      return text(nameText(value.text));
    case 'string':
      return writeString(value.bytes, text, bytes);
    case 'array':
      text('[');
      for (const [i, item] of value.items.entries()) {
        if (i > 0) text(' ');
        write(item, text, bytes, depth + 1);
      }
      return text(']');
    case 'dictionary':
      text('<<');
      for (const [key, item] of value.entries) {
        text(`${nameText(key)} `);
        write(item, text, bytes, depth + 1);
      }
      return text('>>');
  }
}

const isWhole = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

const unwritable = (what: string): SealwrightError =>
  new SealwrightError('INVALID_ARGUMENT', `The value cannot be written into a PDF. ${what}.`);

/** A name with `#xx` for what is neither a letter nor another regular, visible character. */
function nameText(name: string): string {
  const text = name.replace(/[^!"$&'*+,\-.0-;=?-Z\\^-z|~]/g, (character) => {
    const code = character.charCodeAt(0);
    if (code > 0xff) throw unwritable('A name has a character that is no byte');
    return `#${code.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return `/${text}`;
}

/** Longer strings are joined from parts instead of text. */
const longString = 4096;

function writeString(
  bytes: Uint8Array,
  text: (more: string) => void,
  append: (more: Uint8Array) => void,
): void {
  const plain = bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10);
  if (!plain) {
    if (bytes.length <= longString) return text(`<${encodeHex(bytes)}>`);
    text('<');
    append(encodeUtf8(encodeHex(bytes)));
    return text('>');
  }
  text('(');
  const escaped: number[] = [];
  for (const byte of bytes) {
    if (byte === 0x28 || byte === 0x29 || byte === 0x5c) escaped.push(0x5c);
    escaped.push(byte);
  }
  append(Uint8Array.from(escaped));
  text(')');
}
