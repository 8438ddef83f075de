import { type ByteSource, sliceSource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';

/** A source that gives so many bytes and no more, until it is told that it is read for another purpose now. */
export interface BoundedSource extends ByteSource {
  /** From now on everything can be read. */
  unbind(): void;
}

/**
 * The same source, of which no more than `maximum` bytes can be read altogether: what a file claims cannot make whoever
 * only wants to know what it is read all of it. Beyond that, reading throws `LIMIT_EXCEEDED`.
 */
export function boundedReading(source: ByteSource, maximum: number): BoundedSource {
  let left = maximum;
  const spend = (offset: number, length: number): void => {
    // More than there is behind the offset is never given.
    left -= source.size === undefined ? length : Math.max(0, Math.min(length, source.size - offset));
    if (left < 0)
      throw new SealwrightError(
        'LIMIT_EXCEEDED',
        `To tell what the file is, more than ${maximum} bytes of it would have to be read.`,
      );
  };
  const readInto = source.readInto?.bind(source);
  const bounded: BoundedSource = {
    size: source.size,
    seekable: source.seekable,
    origin: source.origin ?? { source, offset: 0 },
    read(offset, length, options) {
      spend(offset, length);
      return source.read(offset, length, options);
    },
    ...(readInto && {
      readInto(offset, target, options) {
        spend(offset, target.length);
        return readInto(offset, target, options);
      },
    }),
    slice: (offset, length) => sliceSource(bounded, offset, length),
    unbind() {
      left = Number.POSITIVE_INFINITY;
    },
  };
  return bounded;
}
