/** The first eight bytes of a compound file, [MS-CFB] 2.2. */
export const compoundFileMagic = Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1);

/** Whether a file that starts with `head` is a compound file, as far as its first bytes tell. */
export const isCompoundFile = (head: Uint8Array): boolean =>
  head.length >= compoundFileMagic.length && compoundFileMagic.every((byte, i) => head[i] === byte);
