import { blockLength } from './blocks.ts';
import { giveBack } from './native-result.ts';
import type { NodeCipher } from './node-crypto.ts';

/** Below this many segments one long-lived CBC object is faster; measured, see bench/cipher. */
export const fewestLanes = 96;
/** More lanes than this leave the second-level cache. */
export const mostLanes = 1024;

const wordsPerBlock = 2;
/** Room between lanes: without it all lanes would fall on the same few cache sets. */
const gap = 64;

/** The memory lanes work in; kept between windows, wiped with the key. */
export interface LaneScratch {
  readonly bytes: Uint8Array;
  readonly words: BigUint64Array;
  readonly columnBytes: Uint8Array;
  readonly column: BigUint64Array;
  readonly segmentLength: number;
  /** One view a lane; making them anew for each window shows in the time. */
  readonly lanes: readonly Uint8Array[];
}

/** Scratch for `lanes` segments of `segmentLength` bytes. */
export function laneScratch(lanes: number, segmentLength: number): LaneScratch {
  const stride = segmentLength + gap;
  const words = new BigUint64Array((lanes * stride) / 8);
  const column = new BigUint64Array(lanes * wordsPerBlock);
  const bytes = new Uint8Array(words.buffer);
  return {
    words,
    bytes,
    column,
    columnBytes: new Uint8Array(column.buffer),
    segmentLength,
    lanes: Array.from({ length: lanes }, (_, lane) =>
      bytes.subarray(lane * stride, lane * stride + segmentLength),
    ),
  };
}

/** Whether `scratch` has room for `lanes` segments of `segmentLength` bytes. */
export const fitsLanes = (scratch: LaneScratch, lanes: number, segmentLength: number): boolean =>
  scratch.segmentLength === segmentLength && scratch.lanes.length >= lanes;

/**
 * CBC over equal, whole segments side by side: block j of every segment is encrypted in one ECB call,
 * after XORing in the ciphertext of block j-1. The chain of CBC is serial only inside a segment, so the
 * parallel ECB path of the processor does the work. spec/cipher-modes.md, "Lanes".
 */
export function encryptLanes(
  ecb: NodeCipher,
  input: Uint8Array,
  output: Uint8Array,
  segmentLength: number,
  counters: Uint8Array,
  scratch: LaneScratch,
): void {
  const lanes = counters.length / blockLength;
  const { words, column } = scratch;
  const stride = segmentLength + gap;
  for (let lane = 0; lane < lanes; lane++)
    scratch.lanes[lane]?.set(input.subarray(lane * segmentLength, (lane + 1) * segmentLength));

  const columnBytes = scratch.columnBytes.subarray(0, counters.length);
  const wordStride = stride / 8;
  const ivs = ecb.update(counters);
  startColumn(words, column, asWords(ivs), lanes, wordStride);
  giveBack(ivs);
  const blocks = segmentLength / blockLength;
  for (let block = 0; block < blocks - 1; block++) {
    const result = ecb.update(columnBytes);
    stepColumn(words, column, asWords(result), lanes, wordStride, block * wordsPerBlock);
    giveBack(result);
  }
  const result = ecb.update(columnBytes);
  endColumn(words, asWords(result), lanes, wordStride, (blocks - 1) * wordsPerBlock);
  giveBack(result);

  for (let lane = 0; lane < lanes; lane++)
    output.set(scratch.lanes[lane] as Uint8Array, lane * segmentLength);
}

function asWords(result: Uint8Array): BigUint64Array {
  const { buffer, byteOffset, length } = byteOffset8(result);
  return new BigUint64Array(buffer, byteOffset, length / 8);
}

/** Native results are aligned; should a runtime hand out an odd view, a copy is. */
const byteOffset8 = (bytes: Uint8Array): Uint8Array =>
  bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);

/** Block 0 of every lane XOR its IV. */
function startColumn(
  words: BigUint64Array,
  column: BigUint64Array,
  ivs: BigUint64Array,
  lanes: number,
  stride: number,
): void {
  for (let lane = 0, at = 0, c = 0; lane < lanes; lane++, at += stride, c += 2) {
    column[c] = (words[at] as bigint) ^ (ivs[c] as bigint);
    column[c + 1] = (words[at + 1] as bigint) ^ (ivs[c + 1] as bigint);
  }
}

/** Puts the ciphertext of one block of every lane in its place and XORs it into the block after it. */
function stepColumn(
  words: BigUint64Array,
  column: BigUint64Array,
  ciphertext: BigUint64Array,
  lanes: number,
  stride: number,
  offset: number,
): void {
  for (let lane = 0, at = offset, c = 0; lane < lanes; lane++, at += stride, c += 2) {
    const low = ciphertext[c] as bigint;
    const high = ciphertext[c + 1] as bigint;
    words[at] = low;
    words[at + 1] = high;
    column[c] = (words[at + 2] as bigint) ^ low;
    column[c + 1] = (words[at + 3] as bigint) ^ high;
  }
}

/** Puts the ciphertext of the last block of every lane in its place. */
function endColumn(
  words: BigUint64Array,
  ciphertext: BigUint64Array,
  lanes: number,
  stride: number,
  offset: number,
): void {
  for (let lane = 0, at = offset, c = 0; lane < lanes; lane++, at += stride, c += 2) {
    words[at] = ciphertext[c] as bigint;
    words[at + 1] = ciphertext[c + 1] as bigint;
  }
}
