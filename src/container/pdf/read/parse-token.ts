import { hexValue, isDigit, isRegular, isWhiteSpace } from './characters.ts';
import { type Cursor, endOf, incomplete, senseless } from './cursor.ts';
import { internedText } from './interned-text.ts';

const hash = 0x23;

/** A name, the cursor being at its slash: one character for each byte, `#xx` resolved. */
export function parseName(cursor: Cursor): string {
  const { bytes } = cursor;
  const start = cursor.at + 1;
  let at = start;
  let escaped = false;
  while (isRegular(bytes[at])) {
    if (bytes[at] === hash) escaped = true;
    at++;
  }
  if (at >= bytes.length && !cursor.final) throw incomplete;
  cursor.at = at;
  const text = internedText(bytes, start, at);
  // A # that no two digits follow stands for itself, as in PDF 1.1.
  return escaped
    ? text.replace(/#([0-9a-fA-F]{2})/g, (_, digits: string) =>
        String.fromCharCode(Number.parseInt(digits, 16)),
      )
    : text;
}

/** A number exactly as it stands; a few programs write `--5` or `1.2.3`. */
export function parseNumber(cursor: Cursor): string {
  const { bytes } = cursor;
  let at = cursor.at + 1;
  for (;;) {
    const byte = bytes[at];
    if (!isDigit(byte) && byte !== 0x2e && byte !== 0x2d && byte !== 0x2b) break;
    at++;
  }
  if (at >= bytes.length && !cursor.final) throw incomplete;
  const text = internedText(bytes, cursor.at, at);
  cursor.at = at;
  return text;
}

/** A string in parentheses, the cursor being at the first one (ISO 32000-2, 7.3.4.2). */
export function parseLiteralString(cursor: Cursor): Uint8Array {
  const { bytes } = cursor;
  const start = cursor.at + 1;
  let at = start;
  let depth = 1;
  let plain = true;
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === 0x5c) {
      plain = false;
      at++;
    } else if (byte === 0x28) depth++;
    else if (byte === 0x29 && --depth === 0) break;
    else if (byte === 0x0d) plain = false;
  }
  if (at >= bytes.length) endOf(cursor, 'a string');
  cursor.at = at + 1;
  return plain ? bytes.slice(start, at) : unescaped(bytes, start, at);
}

const escapes = new Map([
  [0x6e, 10],
  [0x72, 13],
  [0x74, 9],
  [0x62, 8],
  [0x66, 12],
]);

const isOctal = (byte: number | undefined): byte is number =>
  byte !== undefined && byte >= 0x30 && byte <= 0x37;

function unescaped(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const target = new Uint8Array(end - start);
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === 0x0d) {
      // However a line ends, it counts as a line feed.
      target[length++] = 10;
      if (bytes[at + 1] === 0x0a) at++;
    } else if (byte !== 0x5c) target[length++] = byte;
    else {
      const next = bytes[++at] as number;
      if (next === 0x0d) {
        // The line goes on: its end does not count.
        if (bytes[at + 1] === 0x0a) at++;
      } else if (isOctal(next)) {
        let value = next - 0x30;
        for (let digits = 1; digits < 3 && at + 1 < end && isOctal(bytes[at + 1]); digits++)
          value = value * 8 + (bytes[++at] as number) - 0x30;
        target[length++] = value & 0xff;
      } else if (next !== 0x0a) target[length++] = escapes.get(next) ?? next;
    }
  }
  return target.slice(0, length);
}

/** A string of hexadecimal digits, the cursor being at its `<`. */
export function parseHexString(cursor: Cursor): Uint8Array {
  const { bytes } = cursor;
  const start = cursor.at + 1;
  const end = bytes.indexOf(0x3e, start);
  if (end < 0) endOf(cursor, 'a string');
  const target = new Uint8Array((end - start + 1) >> 1);
  let digits = 0;
  for (let at = start; at < end; at++) {
    const value = hexValue(bytes[at]);
    if (value < 16) {
      // A last digit that is missing is 0.
      target[digits >> 1] = (target[digits >> 1] as number) | (digits & 1 ? value : value << 4);
      digits++;
    } else if (!isWhiteSpace(bytes[at])) throw senseless(cursor, 'a string has a digit that is none');
  }
  cursor.at = end + 1;
  return target.slice(0, (digits + 1) >> 1);
}
