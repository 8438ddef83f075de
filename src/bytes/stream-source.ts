import { SealwrightError } from '../errors.ts';
import type { ByteSource, WaitOptions } from './byte-source.ts';
import { maxima } from './maxima.ts';
import { sliceSource } from './slice-source.ts';

/**
 * A forward-only source over a Web Stream. The last `lookBack` bytes that were handed out stay readable,
 * so that a header may be read in any order; anything older is gone.
 */
export function streamSource(
  stream: ReadableStream<Uint8Array>,
  options: { readonly lookBack?: number } = {},
): ByteSource {
  const lookBack = options.lookBack ?? maxima.headBytes;
  const reader = stream.getReader();
  let chunks: Uint8Array[] = [];
  let start = 0; // offset of the first byte of chunks[0]
  let end = 0; // offset after the last byte received
  let ended = false;

  async function pull(wanted: number, wait?: WaitOptions): Promise<void> {
    const signal = wait?.signal;
    const onAbort = () => void reader.cancel(signal?.reason).catch(() => undefined);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      while (end < wanted && !ended) {
        signal?.throwIfAborted();
        const { value, done } = await reader.read();
        signal?.throwIfAborted();
        if (done) ended = true;
        else if (value.length > 0) {
          chunks.push(value);
          end += value.length;
        }
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  function take(offset: number, length: number): Uint8Array {
    const stop = Math.min(offset + length, end);
    let at = start;
    const parts: Uint8Array[] = [];
    for (const chunk of chunks) {
      const from = Math.max(0, offset - at);
      const to = Math.min(chunk.length, stop - at);
      if (from < to) parts.push(chunk.subarray(from, to));
      at += chunk.length;
    }
    forget(stop - lookBack);
    if (parts.length <= 1) return parts[0] ?? new Uint8Array(0);
    const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let position = 0;
    for (const part of parts) {
      joined.set(part, position);
      position += part.length;
    }
    return joined;
  }

  function forget(before: number): void {
    let dropped = 0;
    for (const chunk of chunks) {
      if (start + chunk.length > before) break;
      start += chunk.length;
      dropped++;
    }
    if (dropped > 0) chunks = chunks.slice(dropped);
  }

  const source: ByteSource = {
    get size() {
      return ended ? end : undefined;
    },
    seekable: false,
    async read(offset, length, wait) {
      if (offset < start)
        throw new SealwrightError(
          'INVALID_ARGUMENT',
          `A stream cannot be read backwards: byte ${offset} is gone, reading starts at ${start}. Use a file, a Blob or bytes for random access.`,
          { offset },
        );
      // What lies before `offset` is passed over window by window, so that skipping costs no memory.
      while (end < offset && !ended) {
        await pull(Math.min(offset, end + lookBack), wait);
        forget(Math.min(end, offset) - lookBack);
      }
      await pull(offset + length, wait);
      return take(offset, length);
    },
    slice: (offset, length) => sliceSource(source, offset, length),
    close: () => reader.cancel().catch(() => undefined),
  };
  return source;
}
