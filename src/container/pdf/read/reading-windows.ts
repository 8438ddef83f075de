import { type ByteSource, type MaybePromise, sliceSource, type WaitOptions } from '../../../bytes/index.ts';

/** Bytes of the smallest window, which starts at a multiple. */
const smallestWindow = 4096;
/** Bytes of the largest window that is read ahead, where one object after the other is asked for. */
const largestWindow = 256 * 1024;
/** A read of more is passed on, and its bytes are not kept. */
const largestKeptRead = 32 * 1024;
const keptWindows = 8;

interface Window {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** A source for many small reads. What it gives is never overwritten. */
export interface ReadingWindows extends ByteSource {
  readonly size: number;
  /** What is at hand from `offset` on: at least `length` bytes unless the file ends before. */
  from(offset: number, length: number, options?: WaitOptions): MaybePromise<Uint8Array>;
  /** The same without reading anything; `undefined` if it is not at hand. */
  atHand(offset: number, length: number): Uint8Array | undefined;
}

/**
 * Reads somewhat more of `source` than is asked for, more and more where one read follows another, and keeps a few of these
 * windows; large reads, such as those of streams, go straight to the source.
 */
export function readingWindows(source: ByteSource, size: number): ReadingWindows {
  /** The one used last comes first. */
  let windows: readonly Window[] = [];

  const endOf = (window: Window): number => window.start + window.bytes.length;

  function kept(offset: number, length: number): Uint8Array | undefined {
    const end = Math.min(offset + length, size);
    for (let i = 0; i < windows.length; i++) {
      const window = windows[i] as Window;
      if (offset < window.start || end > endOf(window)) continue;
      if (i > 0) windows = [window, ...windows.filter((each) => each !== window)];
      return window.bytes.subarray(offset - window.start);
    }
    return undefined;
  }

  async function load(offset: number, length: number, options?: WaitOptions): Promise<Uint8Array> {
    options?.signal?.throwIfAborted();
    const before = windows.find(
      (window) => offset > window.start && offset <= endOf(window) + window.bytes.length,
    );
    const step = before === undefined ? smallestWindow : Math.min(2 * before.bytes.length, largestWindow);
    const start = offset - (offset % smallestWindow);
    const end = Math.min(Math.max(offset + length, start + step), size);
    const bytes = await copyOf(source, start, Math.max(0, end - start), options);
    if (bytes.length <= 2 * largestWindow) windows = [{ start, bytes }, ...windows].slice(0, keptWindows);
    return bytes.subarray(offset - start);
  }

  const from = (offset: number, length: number, options?: WaitOptions): MaybePromise<Uint8Array> =>
    kept(offset, length) ?? load(offset, length, options);

  const all: ReadingWindows = {
    size,
    seekable: true,
    origin: source.origin ?? { source, offset: 0 },
    from,
    atHand: kept,
    read(offset, length, options) {
      const wanted = Math.max(0, Math.min(length, size - offset));
      const known = kept(offset, wanted);
      if (known !== undefined) return known.subarray(0, wanted);
      if (wanted > largestKeptRead) return source.read(offset, wanted, options);
      return load(offset, wanted, options).then((bytes) => bytes.subarray(0, wanted));
    },
    readInto(offset, target, options) {
      const known = kept(offset, target.length);
      if (known === undefined && target.length > largestKeptRead && source.readInto !== undefined)
        return source.readInto(offset, target, options);
      return copyInto(all, offset, target, options);
    },
    slice: (offset, length) => sliceSource(all, offset, length),
  };
  return all;
}

async function copyInto(
  source: ByteSource,
  offset: number,
  target: Uint8Array,
  options?: WaitOptions,
): Promise<number> {
  const bytes = await source.read(offset, target.length, options);
  target.set(bytes);
  return bytes.length;
}

async function copyOf(
  source: ByteSource,
  offset: number,
  length: number,
  options?: WaitOptions,
): Promise<Uint8Array> {
  if (source.readInto === undefined) return (await source.read(offset, length, options)).slice();
  const target = new Uint8Array(length);
  return target.subarray(0, await source.readInto(offset, target, options));
}
