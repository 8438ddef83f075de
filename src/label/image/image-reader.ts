import type { ByteSource, WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';

/** Bounded reads of an image of which only the places between its blocks are looked at. */
export interface ImageReader {
  readonly size: number;
  /** `length` bytes at `offset`, valid until the next read. Throws `MALFORMED_CONTAINER` if the image ends before. */
  bytes(offset: number, length: number, what: string): Promise<Uint8Array>;
  /** At least one byte at `offset`, and as many behind it as the window holds; valid until the next read. */
  some(offset: number, what: string): Promise<Uint8Array>;
  /** The error for an image that makes no sense at `offset`. */
  malformed(problem: string, offset: number): SealwrightError;
  /** Refuses `count` with `LIMIT_EXCEEDED` if it is more than `maximum`. */
  bounded(count: number, maximum: number, what: string, offset: number): void;
}

/** Bytes that are read at once of many small blocks. */
const longestReach = 64 * 1024;

/**
 * Reads through a window, so that blocks next to each other cost one read.
 *
 * @param source seekable, of known size
 * @param kind what the image is, as it appears in messages: `PNG`
 * @param window bytes that are read at once; a little where blocks are large
 */
export function imageReader(
  source: ByteSource,
  kind: string,
  window: number,
  options?: WaitOptions,
): ImageReader {
  const size = source.size ?? 0;
  let start = 0;
  let held: Uint8Array = new Uint8Array(0);
  let reach = window;

  const malformed = (problem: string, offset: number): SealwrightError =>
    new SealwrightError(
      'MALFORMED_CONTAINER',
      `The ${kind} image is damaged at byte ${offset}: ${problem}. Get a fresh copy of it, or save it again with an image program.`,
      { offset },
    );

  const reader: ImageReader = {
    size,
    malformed,
    async some(offset, what) {
      await reader.bytes(offset, 1, what);
      return held.subarray(offset - start);
    },
    async bytes(offset, length, what) {
      if (offset + length > size) throw malformed(`it ends inside ${what}`, offset);
      if (offset >= start && offset + length <= start + held.length)
        return held.subarray(offset - start, offset - start + length);
      options?.signal?.throwIfAborted();
      // Where one small block follows another, more and more is read at once.
      const ahead = offset - (start + held.length);
      reach = start < offset && ahead < window ? Math.min(2 * reach, Math.max(window, longestReach)) : window;
      // A copy, because a source may use its memory again for its next read.
      held = new Uint8Array(
        await source.read(offset, Math.max(length, Math.min(reach, size - offset)), options),
      );
      start = offset;
      if (held.length < length) throw malformed(`it ends inside ${what}`, offset);
      return held.subarray(0, length);
    },
    bounded(count, maximum, what, offset) {
      if (count <= maximum) return;
      throw new SealwrightError(
        'LIMIT_EXCEEDED',
        `The ${kind} image has ${count} ${what}; at most ${maximum} are accepted.`,
        { offset },
      );
    },
  };
  return reader;
}
