import { inflateSync } from 'fflate';
import { maxima } from '../../../../bytes/index.ts';
import { plainBlockLength, zlibHeader } from './block.ts';

/** An empty block of deflate that is not the last, as a flush leaves behind. */
const isEmptyStored = (bytes: Uint8Array): boolean =>
  bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 0xff && bytes[4] === 0xff;

/** An empty last block of deflate. A segment ends at a whole byte, and what reads one alone wants to see an end. */
const end = Uint8Array.of(1, 0, 0, 0xff, 0xff);

const emptyHistory = new Uint8Array(0);

/** Unpacks blocks one by one, each with the bytes before it at hand. */
export interface BlockInflater {
  /**
   * Unpacks `packed` into the start of `target`, which has room for one byte more than `plain`; false if they do not give
   * just `plain` bytes.
   */
  inflate(
    packed: Uint8Array,
    plain: number,
    target: Uint8Array,
    history: Uint8Array,
    first: boolean,
  ): boolean;
}

/** One inflater for all blocks of an envelope. */
export function blockInflater(): BlockInflater {
  let room = new Uint8Array(2 * plainBlockLength + end.length);

  /** Unpacks one segment of raw deflate. */
  function raw(segment: Uint8Array, plain: number, target: Uint8Array, history: Uint8Array): boolean {
    if (segment.length + end.length > room.length)
      room = new Uint8Array(2 * maxima.rpmsgBlockBytes + 8192 + end.length);
    if ((segment[0] as number) % 8 < 2) {
      // Stored. The library does not look at the second copy of the length.
      if (segment.length < 5 || !isStoredLength(segment)) return false;
      const flush = segment.subarray(5 + plain);
      const isWhole = segment[1] === (plain & 0xff) && segment[2] === plain >>> 8;
      if (isWhole && (flush.length === 0 || (flush.length === 5 && isEmptyStored(flush)))) {
        target.set(segment.subarray(5, 5 + plain));
        return segment.length >= 5 + plain;
      }
    }
    room.set(segment);
    room.set(end, segment.length);
    const packed = room.subarray(0, segment.length + end.length);
    try {
      // What does not fit is dropped; the byte too many tells that there was more.
      const out = target.subarray(0, plain + 1);
      return inflateSync(packed, { out, dictionary: history }).length === plain;
    } catch {
      return false;
    }
  }

  return {
    inflate(packed, plain, target, history, first) {
      if (packed.length === 0) return plain === 0;
      const stream = isZlib(packed) ? packed.subarray(zlibHeader.length) : undefined;
      if (stream?.length === 0) return plain === 0;
      if (first) return stream !== undefined && raw(stream, plain, target, emptyHistory);
      if (raw(packed, plain, target, history)) return true;
      // Some writers begin a stream with every block.
      return stream !== undefined && raw(stream, plain, target, emptyHistory);
    },
  };
}

/** Whether bytes begin with the header of a zlib stream without a preset dictionary, RFC 1950 2.2. */
export function isZlib(bytes: Uint8Array): boolean {
  if (bytes.length < 2) return false;
  const [method, flags] = bytes as unknown as [number, number];
  return (method & 0x8f) === 8 && (flags & 0x20) === 0 && (method * 256 + flags) % 31 === 0;
}

function isStoredLength(segment: Uint8Array): boolean {
  const [, low, high, notLow, notHigh] = segment as unknown as number[];
  return ((low as number) ^ (notLow as number)) === 0xff && ((high as number) ^ (notHigh as number)) === 0xff;
}
