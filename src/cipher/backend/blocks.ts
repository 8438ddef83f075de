/** Bytes of an AES block. */
export const blockLength = 16;

/** XORs the blocks at `a[aAt]` and `b[bAt]` into the one at `target[at]`. */
export function xorBlocksInto(
  target: Uint8Array,
  at: number,
  a: Uint8Array,
  aAt: number,
  b: Uint8Array,
  bAt: number,
): void {
  for (let i = 0; i < blockLength; i++)
    target[at + i] = (target[at + i] as number) ^ (a[aAt + i] as number) ^ (b[bAt + i] as number);
}

/** `bytes` as 32-bit words, if they lie on word boundaries. XOR does not mind the order of bytes in a word. */
const wordsOf = (bytes: Uint8Array): Int32Array | undefined =>
  bytes.byteOffset % 4 === 0 && bytes.length % 4 === 0
    ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
    : undefined;

/**
 * Mends a CBC decryption that ran through several segments as one message: the first block of each
 * segment was XORed with the ciphertext block before it, and belongs XORed with the segment's IV.
 * `before` stands for the ciphertext block before `ciphertext`. spec/cipher-modes.md, "Windows".
 */
export function mendSegmentStarts(
  plaintext: Uint8Array,
  ciphertext: Uint8Array,
  before: Uint8Array,
  segmentLength: number,
  ivs: Uint8Array,
): void {
  if (plaintext.length === 0) return;
  xorBlocksInto(plaintext, 0, before, 0, ivs, 0);
  // One segment, as random access reads it: views would cost more than the block did.
  if (plaintext.length <= segmentLength) return;
  const [words, cipherWords, ivWords] = [wordsOf(plaintext), wordsOf(ciphertext), wordsOf(ivs)];
  if (words && cipherWords && ivWords) {
    const step = segmentLength / 4;
    for (let at = step, from = 4; at < words.length; at += step, from += 4)
      for (let i = 0; i < 4; i++)
        words[at + i] =
          (words[at + i] as number) ^ (cipherWords[at + i - 4] as number) ^ (ivWords[from + i] as number);
    return;
  }
  let iv = blockLength;
  for (let at = segmentLength; at < plaintext.length; at += segmentLength, iv += blockLength)
    xorBlocksInto(plaintext, at, ciphertext, at - blockLength, ivs, iv);
}
