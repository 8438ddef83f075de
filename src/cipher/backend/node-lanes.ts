import { blockLength } from './blocks.ts';
import { giveBack } from './native-result.ts';
import type { NodeCipher } from './node-crypto.ts';

/** Below this many segments one long-lived CBC object does it. Node 20 and 22: even at 48, lanes ahead at 64. */
export const fewestLanes = 64;
/** Fewer make the native calls short, more leave the second-level cache: measured 256, 512, 768 and 1024. */
export const mostLanes = 512;

/** Bytes of the longest segment there is room for. */
export const longestLane = 4096;
/** Room between lanes: without it all lanes would fall on the same few cache sets. */
const gap = 64;

interface Lanes {
  encrypt(
    ecb: NodeCipher,
    input: Uint8Array,
    output: Uint8Array,
    segmentLength: number,
    counters: Uint8Array,
  ): void;
  wipe(): void;
}

let lanes: Lanes | undefined;

/**
 * CBC over up to {@link mostLanes} equal, whole segments of at most {@link longestLane} bytes side by side: block j of every
 * segment is encrypted in one ECB call, after XORing in the ciphertext of block j-1. The chain of CBC is serial
 * only inside a segment, so the parallel ECB path of the processor does the work. spec/cipher-modes.md, "Lanes".
 */
export function encryptLanes(...given: Parameters<Lanes['encrypt']>): void {
  lanes ??= makeLanes();
  lanes.encrypt(...given);
}

/** Overwrites the memory all keys' lanes work in. */
export const wipeLanes = (): void => lanes?.wipe();

/**
 * Called once and never again: V8 compiles the addresses and lengths of a closure's constant arrays into the
 * loops only as long as there is one such closure. That makes the loops three times as fast as with arrays in
 * parameters or fields, and is why all keys share this memory; nothing in it outlives a call.
 */
function makeLanes(): Lanes {
  const words = new BigUint64Array((mostLanes * (longestLane + gap)) / 8);
  const bytes = new Uint8Array(words.buffer);
  /** One block of every lane: what goes into an ECB call, then what came out. */
  const column = new BigUint64Array(mostLanes * 2);
  const columnBytes = new Uint8Array(column.buffer);

  /** Block 0 of every lane XOR its IV. */
  function start(count: number, stride: number): void {
    for (let lane = 0, at = 0, c = 0; lane < count; lane++, at += stride, c += 2) {
      column[c] = (column[c] as bigint) ^ (words[at] as bigint);
      column[c + 1] = (column[c + 1] as bigint) ^ (words[at + 1] as bigint);
    }
  }

  /** Puts the ciphertext of one block of every lane in its place and XORs it into the block after it. */
  function step(count: number, stride: number, offset: number): void {
    for (let lane = 0, at = offset, c = 0; lane < count; lane++, at += stride, c += 2) {
      const low = column[c] as bigint;
      const high = column[c + 1] as bigint;
      words[at] = low;
      words[at + 1] = high;
      column[c] = (words[at + 2] as bigint) ^ low;
      column[c + 1] = (words[at + 3] as bigint) ^ high;
    }
  }

  /** Puts the ciphertext of the last block of every lane in its place. */
  function end(count: number, stride: number, offset: number): void {
    for (let lane = 0, at = offset, c = 0; lane < count; lane++, at += stride, c += 2) {
      words[at] = column[c] as bigint;
      words[at + 1] = column[c + 1] as bigint;
    }
  }

  return {
    encrypt(ecb, input, output, segmentLength, counters) {
      const count = counters.length / blockLength;
      const stride = segmentLength + gap;
      const wordStride = stride / 8;
      const lastWord = (segmentLength - blockLength) / 8;
      const used = columnBytes.subarray(0, counters.length);
      const encryptInto = (blocks: Uint8Array): void => {
        const result = ecb.update(blocks);
        used.set(result);
        giveBack(result);
      };
      for (let lane = 0, at = 0; lane < count; lane++, at += segmentLength)
        bytes.set(input.subarray(at, at + segmentLength), lane * stride);

      encryptInto(counters);
      start(count, wordStride);
      for (let word = 0; word < lastWord; word += 2) {
        encryptInto(used);
        step(count, wordStride, word);
      }
      encryptInto(used);
      end(count, wordStride, lastWord);

      for (let lane = 0, from = 0; lane < count; lane++, from += stride)
        output.set(bytes.subarray(from, from + segmentLength), lane * segmentLength);
    },
    wipe() {
      words.fill(0n);
      column.fill(0n);
    },
  };
}
