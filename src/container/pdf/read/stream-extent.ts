import type { WaitOptions } from '../../../bytes/index.ts';
import { findBytes } from '../../recognise/find-bytes.ts';
import { isWhiteSpace, standsAt } from './characters.ts';
import { damagedPdf } from './damage.ts';
import type { ReadingWindows } from './reading-windows.ts';

/** Bytes that are read to see whether a stream ends where it says. */
const endLength = 32;

/** Whether the data of a stream that begin at `start` may have the stated length: `endstream` follows, or at least `endobj`. */
export async function endsAfter(
  file: ReadingWindows,
  start: number,
  length: number,
  options?: WaitOptions,
): Promise<boolean> {
  if (start + length > file.size) return false;
  return endsStream(await file.from(start + length, endLength, options));
}

/** The same without reading anything; `undefined` if what follows the data is not at hand. */
export function endsAfterAtHand(file: ReadingWindows, start: number, length: number): boolean | undefined {
  if (start + length > file.size) return false;
  const bytes = file.atHand(start + length, endLength);
  return bytes && endsStream(bytes);
}

function endsStream(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < endLength && isWhiteSpace(bytes[at])) at++;
  return standsAt(bytes, at, 'endstream') || standsAt(bytes, at, 'endobj');
}

/** Bytes searched at once. */
const searchLength = 256 * 1024;

/**
 * The length of the data of a stream that does not say it, or not truly: up to the next `endstream`, or `endobj`, without
 * the end of the line before it.
 *
 * @param bound file offset where the search ends, the start of the next object
 */
export async function findLength(
  file: ReadingWindows,
  start: number,
  bound: number,
  options?: WaitOptions,
): Promise<number> {
  const end =
    (await findMark(file, 'endstream', start, bound, options)) ??
    (await findMark(file, 'endobj', start, bound, options));
  if (end === undefined) throw damagedPdf('a stream has no end', start);
  const before = await file.read(Math.max(start, end - 2), Math.min(2, end - start), options);
  const last = before[before.length - 1];
  if (last === 0x0d) return end - start - 1;
  if (last !== 0x0a) return end - start;
  return end - start - (before.length > 1 && before[before.length - 2] === 0x0d ? 2 : 1);
}

async function findMark(
  file: ReadingWindows,
  mark: string,
  start: number,
  bound: number,
  options?: WaitOptions,
): Promise<number | undefined> {
  const end = Math.min(bound, file.size);
  for (let at = start; at < end; at += searchLength) {
    options?.signal?.throwIfAborted();
    const bytes = await file.read(at, Math.min(searchLength + mark.length - 1, end - at), options);
    const found = findBytes(bytes, mark);
    if (found >= 0) return at + found;
  }
  return undefined;
}
