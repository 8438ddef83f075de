import { type ByteSource, type MaybePromise, sliceSource, type WaitOptions } from '../../bytes/index.ts';
import { type Chain, runAt } from './chain.ts';
import { damaged } from './read-damage.ts';

/**
 * Bytes between two runs that are read along and dropped. Office's own writer puts a FAT sector after every
 * 127 sectors of a large stream.
 */
const smallGap = 4096;
/** Bytes read at once over such gaps. */
const largestSpan = 1024 * 1024;

/** What the sectors of a chain are sectors of. */
export interface SectorSpace {
  readonly source: ByteSource;
  /** Bytes. */
  readonly sectorSize: number;
  /** Offset of sector 0 in the source. */
  readonly start: number;
}

/** How to read from a chain. */
export interface ChainReads {
  read(offset: number, length: number, options?: WaitOptions): MaybePromise<Uint8Array>;
  readInto(offset: number, target: Uint8Array, options?: WaitOptions): MaybePromise<number>;
}

/**
 * Reads of the first `size` bytes of a chain, mapped onto the source below: neighbouring sectors are read at
 * once, and a read within one run is passed on as it is.
 */
export function chainReads(space: SectorSpace, chain: Chain, size: number): ChainReads {
  const { source, sectorSize, start } = space;
  const { starts, ends } = chain;
  let lastRun = 0;
  /** Kept from one read to the next: new memory costs more than the copy. */
  let spare: Uint8Array | undefined;

  const runStart = (run: number): number => (run === 0 ? 0 : (ends[run - 1] as number) * sectorSize);
  const runEnd = (run: number): number => (ends[run] as number) * sectorSize;

  function runOf(offset: number): number {
    // Most reads go on where the last one ended.
    if (offset >= runStart(lastRun) && offset < runEnd(lastRun)) return lastRun;
    lastRun = runAt(chain, Math.floor(offset / sectorSize));
    return lastRun;
  }

  /** Where a byte of the chain is in the source below. */
  const place = (run: number, offset: number): number =>
    start + (starts[run] as number) * sectorSize + offset - runStart(run);

  const clipped = (offset: number, length: number): number => Math.max(0, Math.min(length, size - offset));

  /** How many runs from `run` on can be read at once to fill `wanted` bytes from `offset` on, gaps included. */
  function runsTogether(run: number, offset: number, wanted: number): number {
    if (source.readInto === undefined) return 1;
    let count = 1;
    for (let next = run + 1; runStart(next) < offset + wanted; next++, count++) {
      const gap = place(next, runStart(next)) - place(next - 1, runEnd(next - 1));
      const span = place(next, Math.min(runEnd(next), offset + wanted)) - place(run, offset);
      if (gap < 0 || gap > smallGap || span > largestSpan) break;
    }
    return count;
  }

  async function readScattered(offset: number, target: Uint8Array, options?: WaitOptions): Promise<number> {
    let run = runOf(offset);
    for (let done = 0; done < target.length; ) {
      const at = offset + done;
      const together = runsTogether(run, at, target.length - done);
      const last = run + together - 1;
      const wanted = Math.min(target.length - done, runEnd(last) - at);
      const part = target.subarray(done, done + wanted);
      const from = place(run, at);
      const span = place(last, at + wanted - 1) + 1 - from;
      if (together === 1) await readWhole(from, part, options);
      else {
        const buffer = spare !== undefined && spare.length >= span ? spare : new Uint8Array(span);
        spare = undefined;
        await readWhole(from, buffer.subarray(0, span), options);
        for (let each = run; each <= last; each++) {
          const first = Math.max(runStart(each), at);
          const length = Math.min(runEnd(each), at + wanted) - first;
          const inBuffer = place(each, first) - from;
          part.set(buffer.subarray(inBuffer, inBuffer + length), first - at);
        }
        spare = buffer;
      }
      done += wanted;
      run += together;
    }
    return target.length;
  }

  async function readWhole(offset: number, target: Uint8Array, options?: WaitOptions): Promise<void> {
    const count = readPart(source, offset, target, options);
    if ((typeof count === 'number' ? count : await count) < target.length)
      throw damaged('it ends early', offset);
  }

  return {
    read(offset, length, options) {
      const wanted = clipped(offset, length);
      if (wanted === 0) return new Uint8Array(0);
      const run = runOf(offset);
      if (offset + wanted <= runEnd(run)) return source.read(place(run, offset), wanted, options);
      const target = new Uint8Array(wanted);
      return readScattered(offset, target, options).then(() => target);
    },
    readInto(offset, target, options) {
      const wanted = clipped(offset, target.length);
      if (wanted === 0) return 0;
      const part = wanted === target.length ? target : target.subarray(0, wanted);
      const run = runOf(offset);
      if (offset + wanted > runEnd(run)) return readScattered(offset, part, options);
      return readPart(source, place(run, offset), part, options);
    },
  };
}

/** A seekable source of `size` bytes over reads. */
export function lazySource(size: number, into: boolean, reads: ChainReads): ByteSource {
  const source: ByteSource = {
    size,
    seekable: true,
    read: reads.read,
    ...(into && { readInto: reads.readInto }),
    slice: (offset, length) => sliceSource(source, offset, length),
  };
  return source;
}

function readPart(
  source: ByteSource,
  offset: number,
  target: Uint8Array,
  options: WaitOptions | undefined,
): MaybePromise<number> {
  if (source.readInto !== undefined) return source.readInto(offset, target, options);
  const bytes = source.read(offset, target.length, options);
  const copy = (read: Uint8Array): number => {
    target.set(read);
    return read.length;
  };
  return bytes instanceof Promise ? bytes.then(copy) : copy(bytes);
}
