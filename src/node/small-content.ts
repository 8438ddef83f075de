import { type ByteSource, sliceSource, type WaitOptions } from '../bytes/index.ts';
import type { FileSource } from './file-source.ts';
import { smallFileLength } from './small-file.ts';

/**
 * The content of a file that is going to be read as a whole. A small file is read at once and serves from memory
 * whoever looks at its head, its directory, its labels and its content; any other is read as it is asked for.
 */
export function wholeContent(source: FileSource): ByteSource {
  const { size } = source;
  if (size > smallFileLength) return source;
  let content: Uint8Array | undefined;
  const memory: ByteSource = {
    size,
    seekable: true,
    read(offset, length, options?: WaitOptions) {
      options?.signal?.throwIfAborted();
      const within = (bytes: Uint8Array): Uint8Array => {
        content = bytes;
        return bytes.subarray(offset, offset + length);
      };
      if (content !== undefined) return within(content);
      const whole = source.read(0, size, options);
      return whole instanceof Promise ? whole.then(within) : within(whole);
    },
    slice: (offset, length) => sliceSource(memory, offset, length),
  };
  return memory;
}
