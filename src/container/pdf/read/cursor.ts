import { isRegular, isWhiteSpace, standsAt } from './characters.ts';
import { damagedPdf } from './damage.ts';

/** A place in a stretch of the file that is in memory. */
export interface Cursor {
  readonly bytes: Uint8Array;
  /** Index of the next byte. */
  at: number;
  /** File offset of `bytes`. */
  readonly start: number;
  /** Whether nothing follows `bytes`; else who reads over the end throws {@link incomplete}. */
  readonly final: boolean;
  /** Values read so far, of which there is a maximum. */
  values: number;
}

/** Thrown where more bytes are needed to go on. */
export const incomplete = Object.freeze({ reason: 'incomplete' });

export const cursorOver = (bytes: Uint8Array, start: number, final: boolean, at = 0): Cursor => ({
  bytes,
  at,
  start,
  final,
  values: 0,
});

/** To be called where the bytes ended in the middle of something. */
export function endOf(cursor: Cursor, what: string): never {
  cursor.at = cursor.bytes.length;
  if (!cursor.final) throw incomplete;
  throw damagedPdf(`it ends inside ${what}`, cursor.start + cursor.bytes.length);
}

/** To be thrown where the bytes at the cursor make no sense. */
export const senseless = (cursor: Cursor, problem: string): Error =>
  damagedPdf(problem, cursor.start + cursor.at);

/** Moves over white space and comments. Gives the byte that follows, or -1 at the end of everything. */
export function skipSpace(cursor: Cursor): number {
  const { bytes } = cursor;
  let at = cursor.at;
  for (;;) {
    const byte = bytes[at];
    if (byte === 0x25) {
      do at++;
      while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13);
    } else if (isWhiteSpace(byte)) at++;
    else break;
  }
  cursor.at = at;
  if (at < bytes.length) return bytes[at] as number;
  if (!cursor.final) throw incomplete;
  return -1;
}

/** Moves over `word` if it stands here, behind white space, and is not the beginning of a longer word. */
export function takeWord(cursor: Cursor, word: string): boolean {
  skipSpace(cursor);
  const { bytes, at } = cursor;
  const end = at + word.length;
  if (end >= bytes.length && !cursor.final && standsAt(bytes, at, word.slice(0, bytes.length - at)))
    throw incomplete;
  if (!standsAt(bytes, at, word) || isRegular(bytes[end])) return false;
  cursor.at = end;
  return true;
}
