import type { ByteSource, WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { followChain } from './chain.ts';
import { type ChainReads, chainReads, lazySource } from './chain-source.ts';
import type { CompoundStream } from './compound-file.ts';
import { entryNumber, type PlacedStream, places } from './directory.ts';
import { beyondLimit, damaged } from './read-damage.ts';
import type { CompoundDirectory, CompoundSpace } from './read-directory.ts';
import { miniStreamCutoff, sectorOffset } from './read-header.ts';
import { miniSectorSize, readMiniStream } from './read-mini-stream.ts';
import { readOnce } from './read-once.ts';

/** What is in the streams of a compound file. */
export interface StreamContents {
  open(stream: CompoundStream, exact?: boolean): ByteSource;
  /** All of a stream, a copy; `LIMIT_EXCEEDED` beyond `maximum` bytes. */
  whole(stream: CompoundStream, maximum: number, options?: WaitOptions): Promise<Uint8Array>;
  offsetOf(stream: CompoundStream, options?: WaitOptions): Promise<number | undefined>;
}

const isMini = (stream: CompoundStream): boolean => stream.size < miniStreamCutoff;

/** The reads of a stream, and whether the file ends before all of it was there. */
interface FoundStream extends ChainReads {
  isCut(): boolean;
}

/** An empty stream; its first sector is of no account. */
const noReads: FoundStream = { read: () => new Uint8Array(0), readInto: () => 0, isCut: () => false };

/** Finds and reads the contents of streams; each chain is followed once, when it is first needed. */
export function streamContents(space: CompoundSpace, directory: CompoundDirectory): StreamContents {
  const { header, file, size, fat, claims } = space;
  const { streams } = directory;
  const chains = new Map<CompoundStream, (options?: WaitOptions) => Promise<FoundStream>>();
  const miniStream = readOnce((options) => readMiniStream(space, directory, options));

  /** The number of a stream's entry. */
  function entryOf(stream: CompoundStream): number {
    const { [entryNumber]: entry, [places]: from } = stream as Partial<PlacedStream>;
    if (entry !== undefined && from === streams) return entry;
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'The stream is not one of this compound file: take it from its entries.',
    );
  }

  async function follow(stream: CompoundStream, options?: WaitOptions): Promise<FoundStream> {
    const entry = entryOf(stream);
    if (stream.size === 0) return noReads;
    const entryOffset = streams.offsetOf(entry);
    const mini = isMini(stream) ? await miniStream(options) : undefined;
    const sectorSize = mini ? miniSectorSize : header.sectorSize;
    const available = mini ? mini.sectors : header.sectors;
    const sectors = Math.ceil(stream.size / sectorSize);
    const offsetOf = mini?.offsetOf ?? ((sector: number) => sectorOffset(header, sector));
    if (sectors > available)
      throw damaged(`a stream is said to have ${stream.size} bytes, more than there are`, entryOffset);
    const chain = await followChain(
      mini?.table ?? fat,
      mini?.claims ?? claims,
      {
        what: 'a stream',
        first: streams.firstSectors[entry] as number,
        firstField: entryOffset + 0x74,
        sectors,
        maximum: sectors,
        available,
        offsetOf,
      },
      options,
    );
    const found = chainReads(
      mini?.space ?? { source: file, sectorSize, start: sectorSize },
      chain,
      stream.size,
    );
    // Only the last sector of the file can be there in part; it ends a run.
    const isCut = (): boolean =>
      chain.starts.some((start, run) => {
        const last =
          start + (chain.ends[run] as number) - (run === 0 ? 0 : (chain.ends[run - 1] as number)) - 1;
        const used = Math.min(sectorSize, stream.size - ((chain.ends[run] as number) - 1) * sectorSize);
        return offsetOf(last) + used > size;
      });
    return { ...found, isCut };
  }

  function reads(stream: CompoundStream, options?: WaitOptions): Promise<FoundStream> {
    let found = chains.get(stream);
    if (found === undefined) {
      found = readOnce((wait) => follow(stream, wait));
      chains.set(stream, found);
    }
    return found(options);
  }

  return {
    open(stream, exact = false) {
      const entry = entryOf(stream);
      let known: ChainReads | undefined;
      const find = async (options?: WaitOptions): Promise<ChainReads> => {
        const found = await reads(stream, options);
        if (exact && found.isCut()) throw damaged('it was cut inside a stream', streams.offsetOf(entry));
        known = found;
        return found;
      };
      return lazySource(stream.size, file.readInto !== undefined, {
        read(offset, length, options) {
          if (known !== undefined) return known.read(offset, length, options);
          return find(options).then((found) => found.read(offset, length, options));
        },
        readInto(offset, target, options) {
          if (known !== undefined) return known.readInto(offset, target, options);
          return find(options).then((found) => found.readInto(offset, target, options));
        },
      });
    },

    async whole(stream, maximum, options) {
      const entryOffset = streams.offsetOf(entryOf(stream));
      if (stream.size > maximum) throw beyondLimit('bytes in a stream', maximum, entryOffset);
      const content = await reads(stream, options);
      const bytes = new Uint8Array(stream.size);
      const count = await content.readInto(0, bytes, options);
      if (count < bytes.length) throw damaged('a stream ends early', entryOffset);
      return bytes;
    },

    async offsetOf(stream, options) {
      const firstSector = streams.firstSectors[entryOf(stream)] as number;
      if (stream.size === 0) return undefined;
      if (!isMini(stream))
        return firstSector < header.sectors ? sectorOffset(header, firstSector) : undefined;
      const mini = await miniStream(options);
      return firstSector < mini.sectors ? mini.offsetOf(firstSector) : undefined;
    },
  };
}
