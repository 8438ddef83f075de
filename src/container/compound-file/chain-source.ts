import { type ByteSource, type MaybePromise, sliceSource, type WaitOptions } from '../../bytes/index.ts';
import { type Chain, runAt } from './chain.ts';
import { damaged } from './read-damage.ts';

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

  async function readScattered(offset: number, target: Uint8Array, options?: WaitOptions): Promise<number> {
    let run = runOf(offset);
    for (let done = 0; done < target.length; run++) {
      const at = offset + done;
      const wanted = Math.min(target.length - done, runEnd(run) - at);
      const count = readPart(source, place(run, at), target.subarray(done, done + wanted), options);
      if ((typeof count === 'number' ? count : await count) < wanted)
        throw damaged('it ends early', place(run, at));
      done += wanted;
    }
    return target.length;
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
