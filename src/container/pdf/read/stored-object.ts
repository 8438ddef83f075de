import type { PdfValue } from '../pdf-document.ts';
import { isDigit, isWhiteSpace, standsAt } from './characters.ts';
import { type Cursor, incomplete, skipSpace, takeWord } from './cursor.ts';
import { digitsAt, parseValue } from './parse-value.ts';

/** An indirect object as it stands in the file. */
export interface StoredObject {
  readonly number: number;
  readonly generation: number;
  /** File offset at which it begins, or white space in front of it. */
  readonly offset: number;
  readonly value: PdfValue;
  /** File offset of the data, if it is a stream. */
  readonly dataStart: number | undefined;
}

/** Digits of a number of an object, with zeros before it. */
const mostDigits = 20;

/** Moves over digits, behind white space, and gives their number; `undefined` if there are none. */
export function takeDigits(cursor: Cursor): number | undefined {
  skipSpace(cursor);
  const { bytes } = cursor;
  const start = cursor.at;
  let end = start;
  while (end < start + mostDigits && isDigit(bytes[end])) end++;
  if (end >= bytes.length && !cursor.final) throw incomplete;
  if (end === start || isDigit(bytes[end])) return undefined;
  cursor.at = end;
  return digitsAt(bytes, start, end);
}

/** Moves over `12 0 obj`; `undefined` if something else stands at the cursor. */
export function takeObjectStart(cursor: Cursor): { number: number; generation: number } | undefined {
  const number = takeDigits(cursor);
  const generation = number === undefined ? undefined : takeDigits(cursor);
  if (number === undefined || generation === undefined) return undefined;
  skipSpace(cursor);
  if (cursor.at + 3 > cursor.bytes.length && !cursor.final) throw incomplete;
  // What follows may follow at once: `1 0 obj<<`, and with some programs `1 0 obj12`.
  if (!standsAt(cursor.bytes, cursor.at, 'obj')) return undefined;
  cursor.at += 3;
  return { number, generation };
}

/** Reads an indirect object up to the data of a stream; `undefined` if none, or one of another number, begins at the cursor. */
export function parseStoredObject(cursor: Cursor, number?: number): StoredObject | undefined {
  const offset = cursor.start + cursor.at;
  const start = takeObjectStart(cursor);
  if (start === undefined || (number !== undefined && start.number !== number)) return undefined;
  // `1 0 obj endobj` is an object without a value.
  const value = takeWord(cursor, 'endobj') ? null : parseValue(cursor);
  const isStream = typeof value === 'object' && value?.kind === 'dictionary' && takeWord(cursor, 'stream');
  const dataStart = isStream ? takeDataStart(cursor) : undefined;
  return { number: start.number, generation: start.generation, offset, value, dataStart };
}

/** The data begin behind the end of the line: CR LF, LF, or, from programs that know no better, CR. */
function takeDataStart(cursor: Cursor): number {
  const { bytes } = cursor;
  let at = cursor.at;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at++;
  if (at + 2 > bytes.length && !cursor.final) throw incomplete;
  if (bytes[at] === 0x0d) return cursor.start + at + (bytes[at + 1] === 0x0a ? 2 : 1);
  if (bytes[at] === 0x0a) return cursor.start + at + 1;
  // Blanks without the end of a line belong to the data, but for one that stands in its place.
  return cursor.start + cursor.at + (isWhiteSpace(bytes[cursor.at]) ? 1 : 0);
}
