import { Deflate, inflateSync } from 'fflate';
import { concatBytes } from '../../../../bytes/index.ts';
import { historyLength, zlibHeader } from './block.ts';

/** Packs blocks, one after the other, as one zlib stream that is flushed behind each. */
export interface BlockPacker {
  /** Packs a block of at most 4096 bytes to the start of `target` and gives the bytes; at most 12 more than the block has. */
  pack(plain: Uint8Array, target: Uint8Array): number;
  /** The same without trying: the block is stored, `storedOverhead` bytes longer than it is, and the first of all has the zlib header in front. */
  store(plain: Uint8Array, target: Uint8Array): number;
}

/** Bytes of the header of a stored block, RFC 1951 3.2.4; an empty one, which ends each block as a flush, is no more than that. */
const storedHeaderLength = 5;
/** What a stored block has beyond its own bytes. */
export const storedOverhead: number = 2 * storedHeaderLength;

/** A {@link BlockPacker} for one stream. */
export function deflateBlocks(): BlockPacker {
  /** The last bytes of the stream, at the end of this. */
  const history = new Uint8Array(historyLength);
  let known = 0;
  let first = true;
  /** Goes on as long as blocks are packed; one that was stored is not in its history. */
  let packer: FlushedPacker | undefined;

  function remember(plain: Uint8Array): void {
    history.copyWithin(0, plain.length);
    history.set(plain, historyLength - plain.length);
    known = Math.min(historyLength, known + plain.length);
  }

  /** The header of the stream stands before its first block. */
  function begin(target: Uint8Array): number {
    if (!first) return 0;
    first = false;
    target.set(zlibHeader);
    return zlibHeader.length;
  }

  return {
    store(plain, target) {
      const length = begin(target);
      remember(plain);
      packer = undefined;
      return length + writeStored(plain, target.subarray(length));
    },
    pack(plain, target) {
      const length = begin(target);
      const dictionary = history.slice(historyLength - known);
      const random = looksRandom(plain);
      if (!random) packer ??= flushedPacker(dictionary);
      const packed = random ? undefined : packer?.(plain, dictionary);
      remember(plain);
      if (packed === undefined || packed.length >= storedOverhead + plain.length) {
        packer = undefined;
        return length + writeStored(plain, target.subarray(length));
      }
      target.set(packed, length);
      return length + packed.length;
    },
  };
}

/** A stored block that is not the last, and a flush. */
function writeStored(plain: Uint8Array, target: Uint8Array): number {
  const size = plain.length;
  target.set([0, size & 0xff, size >>> 8, ~size & 0xff, (~size >>> 8) & 0xff]);
  target.set(plain, storedHeaderLength);
  target.set(flushEndInNextByte, storedHeaderLength + size);
  return storedOverhead + size;
}

/** What a flush ends with: length and complement of an empty stored block. Three bits of zero and some filling come before. */
const flushEnd = Uint8Array.of(0, 0, 0xff, 0xff);
/** The same where the three bits are not all in the byte before. */
const flushEndInNextByte = Uint8Array.of(0, ...flushEnd);
/** A last block of one byte, to see whether what stands before it is understood. */
const probe = Uint8Array.of(1, 1, 0, 0xfe, 0xff, 0xa5);

/** Packs the next block of a stream, whose last 32 KiB are `before`; `undefined` if that cannot be done. */
type FlushedPacker = (plain: Uint8Array, before: Uint8Array) => Uint8Array | undefined;

/**
 * Packs blocks with a flush behind each. What the library's own flush writes is of use up to its first byte, which has
 * the last bits of the block. How many they are is not told; it is tried out.
 */
function flushedPacker(dictionary: Uint8Array): FlushedPacker {
  let chunks: Uint8Array[] = [];
  // The default for its tables takes 2 MiB; here it looks at no more than 36 KiB at a time.
  const deflate = new Deflate({ level: 9, mem: 4, ...(dictionary.length > 0 && { dictionary }) }, (chunk) => {
    chunks.push(chunk);
  });
  return (plain, before) => {
    chunks = [];
    deflate.push(plain);
    deflate.flush(true);
    const flush = chunks.pop() ?? flushEnd;
    const block = concatBytes([...chunks, flush.subarray(0, 1)]);
    for (const end of [flushEnd, flushEndInNextByte]) {
      const out = new Uint8Array(plain.length + 2);
      try {
        const tried = inflateSync(concatBytes([block, end, probe]), { dictionary: before, out });
        if (tried.length === plain.length + 1 && tried[plain.length] === 0xa5 && startsWith(tried, plain))
          return concatBytes([block, end]);
      } catch {
        // Then it is the other end.
      }
    }
    return undefined;
  };
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  for (let at = 0; at < start.length; at++) if (bytes[at] !== start[at]) return false;
  return true;
}

/** Shorter blocks are packed whatever they hold. */
const leastJudged = 1024;

/**
 * Whether bytes are spread as evenly as encrypted ones: then nothing is gained by packing them. For random bytes the sum
 * of the squares of how often each value occurs is n + n²/256, give or take a few hundredths; any text is far above.
 */
function looksRandom(bytes: Uint8Array): boolean {
  const n = bytes.length;
  if (n < leastJudged) return false;
  const counts = new Uint16Array(256);
  for (const byte of bytes) counts[byte] = (counts[byte] as number) + 1;
  let squares = 0;
  for (const count of counts) squares += count * count;
  return squares < 1.1 * (n + (n * n) / 256);
}
