import { dirname } from 'node:path';
import type { WaitOptions } from '../bytes/index.ts';
import { fileError } from './file-error.ts';
import { moveFile } from './place-file.ts';
import { syncFolder } from './sync-folder.ts';
import { createTemporaryFile } from './temporary-file.ts';

/** Options of {@link writeWholeFile}. */
export interface WriteWholeFileOptions extends WaitOptions {
  /** Replace a file that is there already; by default that is refused with `OUTPUT_EXISTS`. */
  readonly overwrite?: boolean | undefined;
}

/**
 * Writes a new file of mode 0600 that is there whole or not at all, and gives its size (spec/files.md, "Writing").
 *
 * @throws SealwrightError `OUTPUT_EXISTS`, `FILE_NOT_FOUND` (no such folder), `PERMISSION_DENIED`, `NO_SPACE`,
 * `IO_FAILED`; the signal's reason when aborted
 * @example
 * ```ts
 * import { writeWholeFile } from 'sealwright/node';
 * await writeWholeFile('authority.backup', authority.export(passphrase));
 * ```
 */
export async function writeWholeFile(
  path: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: WriteWholeFileOptions = {},
): Promise<number> {
  const temporary = await createTemporaryFile(path, undefined);
  try {
    for await (const bytes of content) await temporary.sink.write(bytes, options);
    await temporary.sink.sync();
    await temporary.sink.close();
    options.signal?.throwIfAborted();
    moveFile(temporary.path, path, options.overwrite ?? false);
  } catch (error) {
    await temporary.discard();
    throw fileError(error, { action: 'write', path });
  }
  await syncFolder(dirname(path));
  return temporary.sink.length;
}
