import type { ByteSink, ByteSource, WaitOptions } from './byte-source.ts';

/** Bytes moved at once. */
const windowLength = 1024 * 1024;

/** Writes all of `source`, of known size, to `sink`, a window at a time, and gives the bytes written. */
export async function copySource(source: ByteSource, sink: ByteSink, options?: WaitOptions): Promise<number> {
  const size = source.size ?? 0;
  for (let offset = 0; offset < size; offset += windowLength) {
    options?.signal?.throwIfAborted();
    const bytes = await source.read(offset, Math.min(windowLength, size - offset), options);
    await sink.write(bytes, options);
  }
  return size;
}
