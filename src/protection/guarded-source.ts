import { type ByteSource, sliceSource, type WaitOptions } from '../bytes/index.ts';

/** A source each of whose reads asks `check` first, by whatever slice of it. */
export function guardedSource(source: ByteSource, check: () => void): ByteSource {
  const readInto = source.readInto?.bind(source);
  const checked: ByteSource = {
    size: source.size,
    seekable: source.seekable,
    read(offset, length, wait) {
      check();
      return source.read(offset, length, wait);
    },
    ...(readInto && {
      readInto(offset: number, target: Uint8Array, wait?: WaitOptions) {
        check();
        return readInto(offset, target, wait);
      },
    }),
    slice: (offset, length) => sliceSource(checked, offset, length),
    close: () => source.close?.(),
  };
  return checked;
}
