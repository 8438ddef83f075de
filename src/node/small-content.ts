import { type ByteSource, sliceSource, type WaitOptions } from '../bytes/index.ts';
import type { FileSource } from './file-source.ts';
import { smallFileLength } from './small-file.ts';
import { giveBackWith, type LentMemory, lendMemory } from './small-memory.ts';

/**
 * The content of a file that is going to be read as a whole. A small file is read at once and serves from memory
 * whoever looks at its head, its directory, its labels and its content, until it is closed; any other is read as it is asked for.
 */
export function wholeContent(source: FileSource): ByteSource {
  const { size } = source;
  if (size > smallFileLength) return source;
  let content: LentMemory | undefined;
  const whole: ByteSource = {
    size,
    seekable: true,
    read(offset, length, options?: WaitOptions) {
      options?.signal?.throwIfAborted();
      const within = ({ bytes }: LentMemory): Uint8Array => bytes.subarray(offset, offset + length);
      if (content?.lent) return within(content);
      const memory = lendMemory(size);
      const keep = (): Uint8Array => {
        content = memory;
        giveBackWith(source, memory);
        return within(memory);
      };
      const fail = (error: unknown): never => {
        memory.giveBack();
        throw error;
      };
      try {
        const reading = source.readInto(0, memory.bytes, options);
        return reading instanceof Promise ? reading.then(keep, fail) : keep();
      } catch (error) {
        return fail(error);
      }
    },
    slice: (offset, length) => sliceSource(whole, offset, length),
  };
  return whole;
}
