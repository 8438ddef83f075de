import type { ByteSource, MaybePromise, WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { whenThere } from '../when-there.ts';

/** Bytes of a window: whole segments of every mode, and enough of them for the back-ends to be at their quickest. */
export const windowLength = 4 * 1024 * 1024;

/** Room for padding behind a window that is encrypted where it is. */
export const windowSlack = 16;

/** Up to here data are read at once and are not cut. */
export const smallLength = 32 * 1024;

/** All bytes of a small source, in memory that is ours until the next read. */
export function readSmall(source: ByteSource, options?: WaitOptions): MaybePromise<Uint8Array> {
  const size = source.size ?? 0;
  return whenThere(source.read(0, size, options), (bytes) => {
    if (bytes.length < size) throw endedEarly();
    return bytes;
  });
}

/** Small documents get small buffers. */
const smallestBuffer = 64 * 1024;

/** Three buffers in turn: one is read into, one is worked on, one is written. New pages cost more than ciphers. */
export interface BufferRing {
  /** The buffer whose turn it is, with room for `length` bytes at least. */
  next(length: number): Uint8Array;
  /** Overwrites what the buffers hold. */
  wipe(): void;
}

export function bufferRing(): BufferRing {
  const ring: (Uint8Array | undefined)[] = [undefined, undefined, undefined];
  let turn = 0;
  return {
    next(length) {
      const slot = turn++ % ring.length;
      const known = ring[slot];
      if (known !== undefined && known.length >= length) return known;
      let room = smallestBuffer;
      while (room < length - windowSlack) room *= 2;
      const buffer = new Uint8Array(room + windowSlack);
      known?.fill(0);
      ring[slot] = buffer;
      return buffer;
    },
    wipe() {
      for (const buffer of ring) buffer?.fill(0);
    },
  };
}

/** A window of a unit. */
export interface UnitWindow {
  /** The window from its first byte, and room for padding behind it; ours until the next but two. */
  readonly buffer: Uint8Array;
  /** Bytes in it. */
  readonly length: number;
  /** Where in the unit it stands. */
  readonly offset: number;
  readonly last: boolean;
}

/**
 * Cuts a unit into windows, one read ahead where the source fills buffers of ours. The first `lead` bytes of the unit
 * do not come from `source`: room is left for them.
 */
export function unitWindows(
  source: ByteSource,
  lead: number,
  ring: BufferRing,
  options?: WaitOptions,
): () => Promise<UnitWindow> {
  const size = source.size ?? 0;
  const total = lead + size;
  const readInto = source.readInto?.bind(source);
  let offset = 0;
  let ahead: MaybePromise<UnitWindow> | undefined;

  function start(): MaybePromise<UnitWindow> {
    options?.signal?.throwIfAborted();
    const at = offset;
    const length = Math.min(windowLength, total - at);
    offset += length;
    const buffer = ring.next(length + windowSlack);
    const skip = at === 0 ? lead : 0;
    const target = buffer.subarray(skip, length);
    const done = (count: number): UnitWindow => {
      if (count < target.length) throw endedEarly();
      return { buffer, length, offset: at, last: offset >= total };
    };
    const from = at + skip - lead;
    if (readInto !== undefined) {
      const count = readInto(from, target, options);
      return count instanceof Promise ? count.then(done) : done(count);
    }
    const take = (bytes: Uint8Array): UnitWindow => {
      target.set(bytes.subarray(0, target.length));
      return done(bytes.length);
    };
    const bytes = source.read(from, target.length, options);
    return bytes instanceof Promise ? bytes.then(take) : take(bytes);
  }

  return async () => {
    const window = await (ahead ?? start());
    ahead = undefined;
    if (!window.last && readInto !== undefined) {
      ahead = start();
      // One that fails is reported when its turn comes, and is not "unhandled" until then.
      if (ahead instanceof Promise) ahead.catch(() => undefined);
    }
    return window;
  };
}

const endedEarly = (): SealwrightError =>
  new SealwrightError('IO_FAILED', 'The PDF ended early: it was changed while it was read. Try again.');
