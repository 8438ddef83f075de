import type { ByteSink, WaitOptions } from '../../../../bytes/index.ts';
import {
  blockHeaderLength,
  envelopePrefix,
  plainBlockLength,
  writeBlockHeader,
  zlibHeader,
} from './block.ts';
import { deflateBlocks, storedOverhead } from './deflate-blocks.ts';

/** Bytes gathered before they are written on. */
const gatheredLength = 64 * 1024;
/** More than a block becomes when it is packed. */
const mostPacked = 2 * plainBlockLength;

/** Takes the bytes of a compound file and writes them on as a `message.rpmsg`. */
export interface EnvelopeSink extends ByteSink {
  /** Takes encrypted bytes, which would not shrink: blocks that have some of them are stored. */
  readonly encrypted: ByteSink;
  /** Bytes of the whole if so many more follow, all of them encrypted. */
  sizeWith(more: number): number;
  /** Writes what is left and gives the bytes of the whole. Nothing can be written any more. */
  end(options?: WaitOptions): Promise<number>;
}

/**
 * Writes the envelope of a `message.rpmsg` as the bytes in it come (spec/mail.md, "Envelope"): a block for every 4096 of
 * them.
 *
 * @param sink where the envelope goes; only written forward
 *
 * @example
 * ```ts
 * const envelope = envelopeSink(sink);
 * await envelope.write(compoundFile);
 * await envelope.end();
 * ```
 */
export function envelopeSink(sink: ByteSink): EnvelopeSink {
  const packer = deflateBlocks();
  const block = new Uint8Array(plainBlockLength);
  let filled = 0;
  /** Whether the block at hand has encrypted bytes. */
  let isStored = false;
  const gathered = new Uint8Array(gatheredLength);
  gathered.set(envelopePrefix);
  let length = envelopePrefix.length;
  let written = 0;

  async function flush(options: WaitOptions | undefined): Promise<void> {
    await sink.write(gathered.subarray(0, length), options);
    written += length;
    length = 0;
  }

  function pack(plain: Uint8Array): void {
    const target = gathered.subarray(length + blockHeaderLength);
    const packed = isStored ? packer.store(plain, target) : packer.pack(plain, target);
    writeBlockHeader(gathered.subarray(length), { plain: plain.length, packed });
    length += blockHeaderLength + packed;
    isStored = false;
  }

  async function take(bytes: Uint8Array, stored: boolean, options: WaitOptions | undefined): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      isStored ||= stored;
      const whole = filled === 0 && bytes.length - at >= plainBlockLength;
      const taken = Math.min(bytes.length - at, plainBlockLength - filled);
      const part = bytes.subarray(at, at + taken);
      at += taken;
      if (!whole) {
        block.set(part, filled);
        filled += taken;
        if (filled < plainBlockLength) return;
        filled = 0;
      }
      pack(whole ? part : block);
      if (length + mostPacked > gatheredLength) await flush(options);
    }
  }

  return {
    write: (bytes, options) => take(bytes, false, options),
    encrypted: { write: (bytes, options) => take(bytes, true, options) },
    sizeWith(more) {
      const plain = filled + more;
      const begun = written + length > envelopePrefix.length;
      return (
        written +
        length +
        (begun || plain === 0 ? 0 : zlibHeader.length) +
        Math.ceil(plain / plainBlockLength) * (blockHeaderLength + storedOverhead) +
        plain
      );
    },
    async end(options) {
      if (filled > 0) pack(block.subarray(0, filled));
      filled = 0;
      await flush(options);
      return written;
    },
  };
}
