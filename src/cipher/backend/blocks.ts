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
  let iv = blockLength;
  for (let at = segmentLength; at < plaintext.length; at += segmentLength, iv += blockLength)
    xorBlocksInto(plaintext, at, ciphertext, at - blockLength, ivs, iv);
}
