import { type ByteSource, sliceSource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';

/**
 * The same source, of which no more than `maximum` bytes can be read altogether: what a file claims cannot make whoever
 * only wants to know what it is read all of it. Beyond that, reading throws `LIMIT_EXCEEDED`.
 */
export function boundedReading(source: ByteSource, maximum: number): ByteSource {
  let left = maximum;
  const bounded: ByteSource = {
    size: source.size,
    seekable: source.seekable,
    read(offset, length, options) {
      // More than there is behind the offset is never given.
      left -= source.size === undefined ? length : Math.max(0, Math.min(length, source.size - offset));
      if (left < 0)
        throw new SealwrightError(
          'LIMIT_EXCEEDED',
          `To tell what the file is, more than ${maximum} bytes of it would have to be read.`,
        );
      return source.read(offset, length, options);
    },
    slice: (offset, length) => sliceSource(bounded, offset, length),
  };
  return bounded;
}
