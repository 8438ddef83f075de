import { encodeHex, encodeUtf8, maxima } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { PdfValue } from './pdf-document.ts';
import { textOf } from './read/characters.ts';

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
export const pdfValueBytes = (value: PdfValue): Uint8Array => encodeUtf8(valueText(value, 0));

function valueText(value: PdfValue, depth: number): string {
  if (depth > maxima.pdfDepth) throw unwritable('Its values are nested too deeply');
  if (value === null || typeof value === 'boolean') return String(value);
  switch (value.kind) {
    case 'number':
      if (!/^[+\-.\d]+$/.test(value.text)) throw unwritable('A number has no digits');
      return value.text;
    case 'reference':
      if (!isWhole(value.number) || !isWhole(value.generation)) throw unwritable('A reference leads nowhere');
      return `${value.number} ${value.generation} R`;
    case 'name':
      return nameText(value.text);
    case 'string':
      return stringText(value.bytes);
    case 'array':
      return `[${value.items.map((item) => valueText(item, depth + 1)).join(' ')}]`;
    case 'dictionary': {
      const entries = [...value.entries].map(
        ([key, item]) => `${nameText(key)} ${valueText(item, depth + 1)}`,
      );
      return `<<${entries.join(' ')}>>`;
    }
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

function stringText(bytes: Uint8Array): string {
  const plain = bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10);
  if (!plain) return `<${encodeHex(bytes)}>`;
  return `(${textOf(bytes, 0, bytes.length).replace(/[()\\]/g, '\\$&')})`;
}
