const bytesPerCounter = 16;

/**
 * Writes the counter blocks of `count` segments into `target` and gives them: `segment * unit` as 64 bits
 * little-endian, then eight zero bytes. Written in two halves, because JavaScript's bit operations end
 * at 32 bits and files do not. spec/cipher-modes.md, "Counter blocks".
 */
export function counterBlocks(
  target: Uint8Array,
  firstSegment: number,
  count: number,
  unit: number,
): Uint8Array {
  const blocks = target.subarray(0, count * bytesPerCounter);
  const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.length);
  blocks.fill(0);
  for (let i = 0, at = 0; i < count; i++, at += bytesPerCounter) {
    const value = (firstSegment + i) * unit;
    view.setUint32(at, value % 0x1_0000_0000, true);
    view.setUint32(at + 4, Math.floor(value / 0x1_0000_0000), true);
  }
  return blocks;
}
