import { SealwrightError } from '../errors.ts';
import type { ByteSource, WaitOptions } from './byte-source.ts';
import { memorySource } from './memory-source.ts';
import { concatBytes } from './writer.ts';

/** Bytes asked for at once. */
const windowLength = 1024 * 1024;

/**
 * A seekable source with the bytes of `source`: itself where it is one, else what it holds, in memory.
 *
 * @throws SealwrightError `LIMIT_EXCEEDED` for a stream of more than `maximum` bytes; nothing is gained by trying again
 */
export async function collectSource(
  source: ByteSource,
  maximum: number,
  options?: WaitOptions,
): Promise<ByteSource> {
  if (source.seekable && source.size !== undefined) return source;
  const windows: Uint8Array[] = [];
  for (let length = 0; ; ) {
    const bytes = await source.read(length, windowLength, options);
    length += bytes.length;
    if (length > maximum)
      throw new SealwrightError(
        'LIMIT_EXCEEDED',
        `The content came as a stream, and its format needs random access, for which at most ${maximum} bytes are kept in memory. Pass a file, a Blob or bytes instead, or protect it with format: 'pfile'.`,
        { offset: length },
      );
    windows.push(new Uint8Array(bytes));
    if (bytes.length < windowLength) return memorySource(concatBytes(windows));
  }
}
