import type { ByteSource } from './byte-source.ts';
import { sliceSource } from './slice-source.ts';

const page = new Uint8Array(64 * 1024);

/** `size` zero bytes that take no memory. */
export function zeroSource(size: number): ByteSource {
  const zeros: ByteSource = {
    size,
    seekable: true,
    read(offset, length) {
      const count = Math.max(0, Math.min(length, size - offset));
      return count <= page.length ? page.subarray(0, count) : new Uint8Array(count);
    },
    readInto(offset, target) {
      const count = Math.max(0, Math.min(target.length, size - offset));
      target.fill(0, 0, count);
      return count;
    },
    slice: (offset, length) => sliceSource(zeros, offset, length),
  };
  return zeros;
}
