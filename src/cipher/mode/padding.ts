const blockLength = 16;

/**
 * The PKCS#7 padding bytes at the end of `block` (1 to 16), or 0 if they are wrong. Looks at all 16 bytes
 * whatever they are, so that its time tells nothing. spec/cipher-modes.md, "Failures".
 */
export function paddingLength(block: Uint8Array): number {
  const claimed = block[blockLength - 1] as number;
  let wrong = ((claimed - 1) >>> 31) | ((blockLength - claimed) >>> 31);
  for (let i = 0; i < blockLength; i++) {
    const isPadding = ((blockLength - 1 - i - claimed) >> 31) & 0xff;
    wrong |= isPadding & ((block[i] as number) ^ claimed);
  }
  // All ones if nothing was wrong, all zeros otherwise.
  const right = (wrong - 1) >> 31;
  return claimed & right;
}
