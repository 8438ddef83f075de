import { maxima, type WaitOptions } from '../../../../bytes/index.ts';
import { SealwrightError } from '../../../../errors.ts';
import { blockHeaderLength, damagedEnvelope, envelopePrefix, parseBlockHeader } from './block.ts';
import type { FileWindow } from './file-window.ts';

/** Where a block begins, in the file and in the inflated bytes. */
export interface BlockPlace {
  readonly file: number;
  readonly plain: number;
}

/** The blocks of an envelope. Of very many only some are remembered. */
export interface BlockTable {
  /** Inflated bytes of all blocks. */
  readonly plainSize: number;
  /** File offset behind the last block. */
  readonly end: number;
  /** The nearest remembered block that begins at or before an inflated offset. */
  before(plain: number): BlockPlace;
}

/** Inflated bytes between two blocks that are remembered. */
const betweenPlaces = 256 * 1024;

/**
 * Walks from header to header. What stands behind the last block is passed over; a block that the file ends within is
 * damage. Throws `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`.
 */
export async function blockTable(
  window: FileWindow,
  size: number,
  options: WaitOptions | undefined,
): Promise<BlockTable> {
  const places: BlockPlace[] = [];
  let file = envelopePrefix.length;
  let plain = 0;
  for (;;) {
    const header = parseBlockHeader(await window(file, blockHeaderLength, options), file);
    if (header === undefined) break;
    options?.signal?.throwIfAborted();
    const end = file + blockHeaderLength + header.packed;
    if (end > size) throw damagedEnvelope('it ends within a block, so it was cut', file);
    const last = places.at(-1);
    if (last === undefined || plain - last.plain >= betweenPlaces) places.push({ file, plain });
    file = end;
    plain += header.plain;
    if (plain > maxima.rpmsgBytes) throw tooLarge(plain, file);
  }
  if (places.length === 0) throw damagedEnvelope('it has no content', file);
  if (plain > maxima.rpmsgFreeBytes + maxima.rpmsgRatio * size) throw tooLarge(plain, file);
  return Object.freeze({ plainSize: plain, end: file, before: (at: number) => placeBefore(places, at) });
}

function placeBefore(places: readonly BlockPlace[], plain: number): BlockPlace {
  let [low, high] = [0, places.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((places[middle] as BlockPlace).plain <= plain) low = middle;
    else high = middle - 1;
  }
  return places[low] as BlockPlace;
}

const tooLarge = (plain: number, offset: number): SealwrightError =>
  new SealwrightError(
    'LIMIT_EXCEEDED',
    `The protected message of ${offset} bytes would unpack to ${plain} or more; at most ${maxima.rpmsgRatio} times its size and ${maxima.rpmsgBytes} bytes are accepted.`,
    { offset },
  );
