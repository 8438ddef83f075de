import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { createFileSink } from '../node/index.ts';
import { withOptionNames } from './option-names.ts';

/**
 * Writes a new file of mode 0600 that is whole or not there at all.
 *
 * @returns the bytes written
 */
export async function writeWholeFile(
  path: string,
  content: AsyncIterable<Uint8Array>,
  options: { readonly overwrite: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.part`;
  const sink = await createFileSink(temporary, { reportedPath: path });
  try {
    for await (const bytes of content) await sink.write(bytes, { signal: options.signal });
    await sink.sync();
    await sink.close();
    options.signal.throwIfAborted();
    if (options.overwrite) await rename(temporary, path);
    else await placeNew(temporary, path);
    return sink.length;
  } catch (error) {
    throw withOptionNames(error, '--to');
  } finally {
    await sink.close();
    await rm(temporary, { force: true });
  }
}

// Claiming the name first makes it ours in one step, on every kind of disk; `rename` alone would replace a file
// that is there. The claim is taken back if the rename fails.
async function placeNew(temporary: string, path: string): Promise<void> {
  const claim = await createFileSink(path);
  await claim.close();
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
