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
  open(stream: CompoundStream): ByteSource;
  /** All of a stream, a copy; `LIMIT_EXCEEDED` beyond `maximum` bytes. */
  whole(stream: CompoundStream, maximum: number, options?: WaitOptions): Promise<Uint8Array>;
  offsetOf(stream: CompoundStream, options?: WaitOptions): Promise<number | undefined>;
}

const isMini = (stream: CompoundStream): boolean => stream.size < miniStreamCutoff;

/** An empty stream; its first sector is of no account. */
const noReads: ChainReads = { read: () => new Uint8Array(0), readInto: () => 0 };

/** Finds and reads the contents of streams; each chain is followed once, when it is first needed. */
export function streamContents(space: CompoundSpace, directory: CompoundDirectory): StreamContents {
  const { header, file, fat, claims } = space;
  const { streams } = directory;
  const chains = new Map<CompoundStream, (options?: WaitOptions) => Promise<ChainReads>>();
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

  async function follow(stream: CompoundStream, options?: WaitOptions): Promise<ChainReads> {
    const entry = entryOf(stream);
    if (stream.size === 0) return noReads;
    const entryOffset = streams.offsetOf(entry);
    const mini = isMini(stream) ? await miniStream(options) : undefined;
    const sectorSize = mini ? miniSectorSize : header.sectorSize;
    const available = mini ? mini.sectors : header.sectors;
    const sectors = Math.ceil(stream.size / sectorSize);
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
        offsetOf: mini?.offsetOf ?? ((sector) => sectorOffset(header, sector)),
      },
      options,
    );
    return chainReads(mini?.space ?? { source: file, sectorSize, start: sectorSize }, chain, stream.size);
  }

  function reads(stream: CompoundStream, options?: WaitOptions): Promise<ChainReads> {
    let found = chains.get(stream);
    if (found === undefined) {
      found = readOnce((wait) => follow(stream, wait));
      chains.set(stream, found);
    }
    return found(options);
  }

  return {
    open(stream) {
      entryOf(stream);
      let known: ChainReads | undefined;
      const find = async (options?: WaitOptions): Promise<ChainReads> => {
        known = await reads(stream, options);
        return known;
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
