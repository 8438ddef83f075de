import { randomBytes } from 'node:crypto';
import { link, rename, rm } from 'node:fs/promises';
import { SealwrightError } from '../errors.ts';
import { createFileSink } from '../node/index.ts';

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
  } finally {
    await sink.close();
    await rm(temporary, { force: true });
  }
}

// `link` refuses a name that is taken, in one step; `rename` would replace it.
async function placeNew(temporary: string, path: string): Promise<void> {
  await link(temporary, path).catch((cause: NodeJS.ErrnoException) => {
    throw new SealwrightError(
      cause.code === 'EEXIST' ? 'OUTPUT_EXISTS' : 'IO_FAILED',
      cause.code === 'EEXIST'
        ? `${path} exists already: add --overwrite to replace it, or choose another name.`
        : `${path} cannot be written (${cause.code ?? cause.message}): choose another disk.`,
      { path, cause },
    );
  });
}
