import { unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createFileSink, type FileSink } from './file-sink.ts';
import { removeStaleFilesNowAndThen } from './stale-files.ts';
import { temporaryName } from './temporary-name.ts';

/** A file that is written under a temporary name beside its target. */
export interface TemporaryFile {
  readonly path: string;
  readonly sink: FileSink;
  /** Closes and removes the file; does nothing once it was moved away. */
  discard(): Promise<void>;
}

/** Creates the temporary file for `target`, in the same folder, so that it can be renamed to it. */
export async function createTemporaryFile(
  target: string,
  expectedSize: number | undefined,
): Promise<TemporaryFile> {
  const folder = dirname(target);
  const cleaning = removeStaleFilesNowAndThen(folder);
  if (cleaning !== undefined) await cleaning;
  const path = join(folder, temporaryName(basename(target)));
  const sink = await createFileSink(path, { reportedPath: target, expectedSize });
  return {
    path,
    sink,
    async discard() {
      await sink.close().catch(() => undefined);
      try {
        unlinkSync(path);
      } catch {
        // Moved away already, or the folder is gone: the error that led here says more.
      }
    },
  };
}
