import { SealwrightError } from '../errors.ts';
import type { ByteSource, WaitOptions } from './byte-source.ts';
import { maxima } from './maxima.ts';
import { plainView } from './plain-view.ts';
import { sliceSource } from './slice-source.ts';

/** Small chunks are gathered into pages of this size. */
const pageLength = 64 * 1024;

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
  let page: { readonly bytes: Uint8Array; used: number } | undefined; // what chunks.at(-1) is a view of
  let start = 0; // offset of the first byte of chunks[0]
  let end = 0; // offset after the last byte received
  let ended = false;
  let failure: { readonly reason: unknown } | undefined;

  /** Keeps a chunk; small ones are gathered in pages, so that a stream of single bytes costs little memory. */
  function keep(chunk: Uint8Array): void {
    end += chunk.length;
    if (chunk.length >= pageLength / 4) {
      chunks.push(chunk);
      page = undefined;
      return;
    }
    if (page === undefined || page.used + chunk.length > pageLength) {
      page = { bytes: new Uint8Array(pageLength), used: 0 };
      chunks.push(page.bytes);
    }
    page.bytes.set(chunk, page.used);
    page.used += chunk.length;
    chunks[chunks.length - 1] = page.bytes.subarray(0, page.used);
  }

  function checkUsable(): void {
    if (failure !== undefined) throw failure.reason;
  }

  async function pull(wanted: number, wait?: WaitOptions): Promise<void> {
    const signal = wait?.signal;
    const onAbort = () => {
      // A cancelled stream reads as ended; without this a later read would take the cut for the end.
      failure = { reason: signal?.reason };
      void reader.cancel(signal?.reason).catch(() => undefined);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      while (end < wanted && !ended) {
        signal?.throwIfAborted();
        checkUsable();
        const { value, done } = await reader.read();
        checkUsable();
        if (done) ended = true;
        else if (!ArrayBuffer.isView(value)) throw notBytes();
        else if (value.length > 0) keep(plainView(value));
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
    if (dropped === 0) return;
    chunks = chunks.slice(dropped);
    if (chunks.length === 0) page = undefined;
  }

  function checkKept(offset: number): void {
    if (offset >= start) return;
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `A stream cannot be read backwards: byte ${offset} is gone, reading starts at ${start}. Use a file, a Blob or bytes for random access.`,
      { offset },
    );
  }

  const source: ByteSource = {
    get size() {
      return ended ? end : undefined;
    },
    seekable: false,
    async read(offset, length, wait) {
      checkKept(offset);
      // What lies before `offset` is passed over window by window, so that skipping costs no memory.
      while (end < offset && !ended) {
        await pull(Math.min(offset, end + Math.max(lookBack, pageLength)), wait);
        forget(Math.min(end, offset) - lookBack);
      }
      await pull(offset + length, wait);
      // Again, because another read may have gone past it while this one waited.
      checkKept(offset);
      return take(offset, length);
    },
    slice: (offset, length) => sliceSource(source, offset, length),
    close: () => {
      failure ??= { reason: closed() };
      return reader.cancel().catch(() => undefined);
    },
  };
  return source;
}

const notBytes = (): SealwrightError =>
  new SealwrightError(
    'INVALID_ARGUMENT',
    'The stream gave something other than bytes. Pass a stream of Uint8Array; put a TextEncoderStream behind a text stream.',
  );

const closed = (): SealwrightError =>
  new SealwrightError('INVALID_ARGUMENT', 'This stream was closed; nothing more can be read from it.');
