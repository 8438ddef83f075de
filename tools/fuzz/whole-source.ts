import type { ByteSource } from '../../src/bytes/index.ts';

/** All bytes of a source of known size, a copy. */
export const wholeSource = async (source: ByteSource): Promise<Uint8Array> =>
  new Uint8Array(await source.read(0, source.size ?? 0));
