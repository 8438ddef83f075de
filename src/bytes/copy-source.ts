import { SealwrightError } from '../errors.ts';
import type { ByteSink, ByteSource, WaitOptions } from './byte-source.ts';

/** Bytes moved at once. */
const windowLength = 1024 * 1024;

/**
 * Writes all of `source`, of known size, to `sink`, a window at a time, and gives the bytes written.
 *
 * @throws SealwrightError `IO_FAILED` if the source ends before its size
 */
export async function copySource(source: ByteSource, sink: ByteSink, options?: WaitOptions): Promise<number> {
  const size = source.size ?? 0;
  for (let offset = 0; offset < size; offset += windowLength) {
    options?.signal?.throwIfAborted();
    const wanted = Math.min(windowLength, size - offset);
    const bytes = await source.read(offset, wanted, options);
    if (bytes.length < wanted)
      throw new SealwrightError(
        'IO_FAILED',
        'The input ended early: it was changed while it was read. Try again.',
        { offset: offset + bytes.length },
      );
    await sink.write(bytes, options);
  }
  return size;
}
