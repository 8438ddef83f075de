/** The blocks of a `message.rpmsg` as they stand in the file; read by other code than the library's. */
export function blocksOf(
  file: Uint8Array,
): { readonly check: number; readonly plain: number; readonly packed: Uint8Array }[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const blocks = [];
  for (let at = 8; at < file.length; ) {
    const [check, plain, size] = [0, 4, 8].map((offset) => view.getUint32(at + offset, true)) as [
      number,
      number,
      number,
    ];
    blocks.push({ check, plain, packed: file.subarray(at + 12, at + 12 + size) });
    at += 12 + size;
  }
  return blocks;
}

/** An envelope of given segments. */
export function envelopeOfBlocks(
  blocks: readonly { readonly plain: number; readonly packed: Uint8Array }[],
): Uint8Array {
  const parts: number[] = [0x76, 0xe8, 0x04, 0x60, 0xc4, 0x11, 0xe3, 0x86];
  const file = new Uint8Array(8 + blocks.reduce((sum, { packed }) => sum + 12 + packed.length, 0));
  file.set(parts);
  const view = new DataView(file.buffer);
  let at = 8;
  for (const { plain, packed } of blocks) {
    view.setUint32(at, 0xfa0, true);
    view.setUint32(at + 4, plain, true);
    view.setUint32(at + 8, packed.length, true);
    file.set(packed, at + 12);
    at += 12 + packed.length;
  }
  return file;
}
