import type { WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { CompoundFile, CompoundStream } from '../compound-file/compound-file.ts';

/** The first bytes of a stream, a copy; fewer if it is shorter, none if it cannot be read. */
export async function startOf(
  file: CompoundFile,
  stream: CompoundStream,
  length: number,
  options?: WaitOptions,
): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.open(stream).read(0, length, options));
  } catch (error) {
    if (error instanceof SealwrightError) return new Uint8Array(0);
    throw error;
  }
}
