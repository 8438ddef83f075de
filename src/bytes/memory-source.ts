import type { ByteSource } from './byte-source.ts';
import { plainView } from './plain-view.ts';

/** A source over bytes in memory; its reads are views, given at once. */
export function memorySource(memory: Uint8Array): ByteSource {
  const bytes = plainView(memory);
  return {
    size: bytes.length,
    seekable: true,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    slice: (offset, length) =>
      memorySource(bytes.subarray(offset, length === undefined ? undefined : offset + length)),
  };
}
