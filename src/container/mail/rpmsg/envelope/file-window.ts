import type { ByteSource, WaitOptions } from '../../../../bytes/index.ts';

/** Bytes read ahead; more than the largest block. */
const windowLength = 1024 * 1024;

/**
 * Reads short runs of a source through one window of it: gives a view of the bytes from `offset` on, fewer only
 * at the end of the source, valid until the next call.
 */
export type FileWindow = (offset: number, length: number, options?: WaitOptions) => Promise<Uint8Array>;

/** A {@link FileWindow} over a source of known size. */
export function fileWindow(source: ByteSource): FileWindow {
  const size = source.size ?? 0;
  let window = new Uint8Array(0);
  let start = 0;

  return async (offset, length, options) => {
    const end = Math.min(size, offset + length);
    if (offset < start || end > start + window.length) {
      const wanted = Math.min(Math.max(windowLength, length), size - offset);
      // What a source gives may be overwritten by anybody's next read of it.
      window = new Uint8Array(await source.read(offset, Math.max(0, wanted), options));
      start = offset;
    }
    return window.subarray(offset - start, Math.max(offset, end) - start);
  };
}
