import { type ByteSource, sliceSource } from '../../../bytes/index.ts';

/** What was asked of a source. */
export interface CountingSource {
  readonly source: ByteSource;
  reads: number;
  bytes: number;
  /** Bytes of the largest read. */
  largest: number;
}

/** `source`, and what is asked of it from now on. */
export function countingSource(source: ByteSource): CountingSource {
  const counting: ByteSource = {
    size: source.size,
    seekable: true,
    read(offset, length, options) {
      counts.reads++;
      counts.bytes += length;
      counts.largest = Math.max(counts.largest, length);
      return source.read(offset, length, options);
    },
    slice: (offset, length) => sliceSource(counting, offset, length),
  };
  const counts: CountingSource = { source: counting, reads: 0, bytes: 0, largest: 0 };
  return counts;
}
