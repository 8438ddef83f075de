import { maxima, type WaitOptions } from '../../../bytes/index.ts';
import { type Cursor, cursorOver, incomplete } from './cursor.ts';
import { beyondPdfLimit } from './damage.ts';
import type { ReadingWindows } from './reading-windows.ts';

/** Bytes that most objects fit in, so that they are read at once. */
const usualLength = 512;

/**
 * Parses what is at `offset`, over as many bytes as it takes: `parse` is called again with more where they were too few.
 * None of its parts may be longer than `maxima.pdfObjectBytes`.
 *
 * @param bound file offset where it must have ended
 */
export async function parseAt<T>(
  file: ReadingWindows,
  offset: number,
  parse: (cursor: Cursor) => T,
  options?: WaitOptions,
  bound = file.size,
): Promise<T> {
  // What a file says of where its objects are may lie beyond its end.
  const end = Math.min(bound, file.size);
  for (let length = usualLength; ; ) {
    const waiting = file.from(offset, length, options);
    const window = waiting instanceof Uint8Array ? waiting : await waiting;
    const bytes = offset + window.length > end ? window.subarray(0, Math.max(0, end - offset)) : window;
    try {
      return parse(cursorOver(bytes, offset, offset + bytes.length >= end));
    } catch (error) {
      if (error !== incomplete) throw error;
    }
    if (bytes.length > maxima.pdfObjectBytes)
      throw beyondPdfLimit('bytes in one object', maxima.pdfObjectBytes, offset);
    length = Math.min(2 * Math.max(bytes.length, usualLength), maxima.pdfObjectBytes + 1);
  }
}
