import type { ByteSource, MaybePromise, WaitOptions } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';

/** A run of whole segments, or the end of the content. */
export interface Window {
  readonly bytes: Uint8Array;
  /** Buffer that `bytes` starts in, if it is ours to overwrite; it has {@link slack} bytes to spare. */
  readonly buffer: Uint8Array | undefined;
  readonly offset: number;
  readonly last: boolean;
}

/** Room for padding behind a window that is encrypted in place. */
export const slack = 16;

/**
 * Cuts a source into windows of `windowLength` bytes, reading one window ahead. Up to three buffers are in
 * use at once (one being read, one worked on, one being written) and are used again and again:
 * new pages cost more than ciphers.
 */
export function windowReader(source: ByteSource, windowLength: number, wait: WaitOptions = {}) {
  const length = Math.min(windowLength, Math.max(source.size ?? windowLength, 1));
  const readInto = source.readInto?.bind(source);
  const ring: (Uint8Array | undefined)[] = [undefined, undefined, undefined];
  let turn = 0;
  let offset = 0;
  let ahead: MaybePromise<Pending> | undefined;

  interface Pending {
    readonly bytes: Uint8Array;
    readonly buffer: Uint8Array | undefined;
  }

  const asPending = (bytes: Uint8Array): Pending => ({ bytes, buffer: undefined });

  function startRead(): MaybePromise<Pending> {
    wait.signal?.throwIfAborted();
    const size = source.size;
    const wanted = size === undefined ? length : Math.min(length, size - offset);
    if (readInto === undefined) {
      const read = source.read(offset, wanted, wait);
      return read instanceof Promise ? read.then(asPending) : asPending(read);
    }
    const slot = turn++ % ring.length;
    const buffer = ring[slot] ?? new Uint8Array(length + slack);
    ring[slot] = buffer;
    const finish = (count: number): Pending => ({ bytes: buffer.subarray(0, count), buffer });
    const count = readInto(offset, buffer.subarray(0, wanted), wait);
    return count instanceof Promise ? count.then(finish) : finish(count);
  }

  /** Gives the next window; call no more after the one marked `last`. */
  return async function next(): Promise<Window> {
    const pending = ahead ?? startRead();
    ahead = undefined;
    let { bytes, buffer } = pending instanceof Promise ? await pending : pending;
    const start = offset;
    offset += bytes.length;
    if (source.size !== undefined && offset < source.size && bytes.length < length)
      throw new SealwrightError(
        'IO_FAILED',
        'The input ended early: it was changed while it was read. Try again.',
        {
          offset,
        },
      );
    let last = source.size !== undefined ? offset >= source.size : bytes.length < length;
    // Without buffers of our own, a source may overwrite this window when it is read again: it is read ahead
    // only where nothing else tells the end, and then from a copy.
    if (!last && (readInto !== undefined || source.size === undefined)) {
      if (readInto === undefined) bytes = new Uint8Array(bytes);
      ahead = startRead();
      // A read ahead that fails is reported when its turn comes, and is not "unhandled" until then.
      if (ahead instanceof Promise) ahead.catch(() => undefined);
      if (source.size === undefined) {
        ahead = await ahead;
        last = ahead.bytes.length === 0;
      }
    }
    return { bytes, buffer, offset: start, last };
  };
}
