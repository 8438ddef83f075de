import { maxima } from '../../../bytes/index.ts';
import type { PdfDictionary, PdfValue } from '../pdf-document.ts';
import { isDigit, isRegular, isWhiteSpace } from './characters.ts';
import { type Cursor, endOf, incomplete, senseless, skipSpace } from './cursor.ts';
import { beyondPdfLimit } from './damage.ts';
import { parseHexString, parseLiteralString, parseName, parseNumber } from './parse-token.ts';

/**
 * Reads the value at the cursor and moves behind it (ISO 32000-2, 7.3). Throws `incomplete` where the bytes end in the
 * middle of it and more follow, `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`.
 */
export function parseValue(cursor: Cursor, depth = 0): PdfValue {
  if (depth > maxima.pdfDepth)
    throw beyondPdfLimit('nested values', maxima.pdfDepth, cursor.start + cursor.at);
  if (++cursor.values > maxima.pdfValues)
    throw beyondPdfLimit('values in one object', maxima.pdfValues, cursor.start + cursor.at);
  const byte = skipSpace(cursor);
  const { bytes } = cursor;
  switch (byte) {
    case -1:
      return endOf(cursor, 'a value');
    case 0x2f: // a slash
      return { kind: 'name', text: parseName(cursor) };
    case 0x28: // (
      return { kind: 'string', bytes: parseLiteralString(cursor) };
    case 0x5b: // [
      return parseArray(cursor, depth);
    case 0x3c: // <
      if (cursor.at + 1 >= bytes.length) endOf(cursor, 'a value');
      if (bytes[cursor.at + 1] === 0x3c) return parseDictionary(cursor, depth);
      return { kind: 'string', bytes: parseHexString(cursor) };
  }
  if (isDigit(byte)) return parseReference(cursor) ?? { kind: 'number', text: parseNumber(cursor) };
  if (byte === 0x2b || byte === 0x2d || byte === 0x2e) return { kind: 'number', text: parseNumber(cursor) };
  return parseKeyword(cursor);
}

function parseArray(cursor: Cursor, depth: number): PdfValue {
  cursor.at++;
  const items: PdfValue[] = [];
  for (;;) {
    if (skipSpace(cursor) === 0x5d) break;
    items.push(parseValue(cursor, depth + 1));
  }
  cursor.at++;
  return { kind: 'array', items };
}

function parseDictionary(cursor: Cursor, depth: number): PdfDictionary {
  cursor.at += 2;
  const entries = new Map<string, PdfValue>();
  for (;;) {
    const byte = skipSpace(cursor);
    if (byte === 0x3e) break;
    if (byte === -1) endOf(cursor, 'a dictionary');
    if (byte !== 0x2f) throw senseless(cursor, 'a key of a dictionary is no name');
    const key = parseName(cursor);
    // A key without a value means null.
    entries.set(key, skipSpace(cursor) === 0x3e ? null : parseValue(cursor, depth + 1));
  }
  if (cursor.at + 1 >= cursor.bytes.length) endOf(cursor, 'a dictionary');
  if (cursor.bytes[cursor.at + 1] !== 0x3e) throw senseless(cursor, 'a dictionary does not end in >>');
  cursor.at += 2;
  return { kind: 'dictionary', entries };
}

const digitsOfNumber = 10;
const digitsOfGeneration = 5;

/** `12 0 R`, if that is what stands here; else the cursor stays. */
function parseReference(cursor: Cursor): PdfValue | undefined {
  const { bytes } = cursor;
  const first = cursor.at;
  let at = first;
  while (isDigit(bytes[at])) at++;
  const afterNumber = at;
  while (isWhiteSpace(bytes[at])) at++;
  const second = at;
  while (isDigit(bytes[at])) at++;
  const afterGeneration = at;
  while (isWhiteSpace(bytes[at])) at++;
  // Only the byte behind the R tells that it is one.
  if (at + 1 >= bytes.length && !cursor.final) throw incomplete;
  if (
    bytes[at] !== 0x52 ||
    isRegular(bytes[at + 1]) ||
    second === afterNumber ||
    afterGeneration === second ||
    at === afterGeneration ||
    afterNumber - first > digitsOfNumber ||
    afterGeneration - second > digitsOfGeneration
  )
    return undefined;
  cursor.at = at + 1;
  return {
    kind: 'reference',
    number: digitsAt(bytes, first, afterNumber),
    generation: digitsAt(bytes, second, afterGeneration),
  };
}

/** The number that the digits of a stretch make. */
export function digitsAt(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + (bytes[at] as number) - 0x30;
  return value;
}

function parseKeyword(cursor: Cursor): PdfValue {
  const { bytes } = cursor;
  const start = cursor.at;
  let end = start;
  // No keyword is longer; a stretch of letters need not be read to its end.
  while (end < start + 8 && isRegular(bytes[end])) end++;
  if (end >= bytes.length && !cursor.final) throw incomplete;
  const word = String.fromCharCode(...bytes.subarray(start, end));
  const value = word === 'true' ? true : word === 'false' ? false : word === 'null' ? null : undefined;
  if (value === undefined) throw senseless(cursor, 'something stands where a value should be');
  cursor.at = end;
  return value;
}
