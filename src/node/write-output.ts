import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ByteSink } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { changedWhileRead, fileError } from './file-error.ts';
import type { FileSource } from './file-source.ts';
import type { FlushGroup } from './flush-group.ts';
import { assertRoom } from './free-space.ts';
import { makeFolder } from './make-folder.ts';
import type { OutputPlace } from './output-place.ts';
import { moveFile, type Replacement, replaceFile } from './place-file.ts';
import { smallFileLength } from './small-file.ts';
import { syncFolder } from './sync-folder.ts';
import { createTemporaryFile } from './temporary-file.ts';

/** Everything that turns an open source into a whole new file. */
export interface OutputJob {
  readonly source: FileSource;
  readonly place: OutputPlace;
  /** Bytes that will be written, as far as known. */
  readonly expectedSize: number;
  /** Writes the content and gives its size. */
  readonly write: (sink: ByteSink) => Promise<number>;
  readonly mode: number;
  /** Whether the file goes to the owner of the original, where that is allowed. */
  readonly keepOwner: boolean;
  /** Whether it keeps the times of the original; false if its content is another one. */
  readonly keepTimes?: boolean;
  readonly order: Replacement;
  readonly signal: AbortSignal | undefined;
  /** False leaves it to the system when the file reaches the disk. */
  readonly durable: boolean | undefined;
  readonly flush: FlushGroup | undefined;
}

/**
 * Writes a temporary file beside the target, makes it durable, and only then gives it its name. Whatever
 * fails or aborts before that leaves everything as it was (spec/files.md, "Writing"). Gives the bytes written.
 */
export async function writeOutput(job: OutputJob): Promise<number> {
  const { source, place, signal } = job;
  const folder = dirname(place.path);
  try {
    signal?.throwIfAborted();
    // A small file that does not fit is noticed as soon when it is written.
    if (job.expectedSize > smallFileLength) assertRoom(folder, place.path, job.expectedSize);
    // In place, the temporary file is to replace the original, and so lies beside it.
    const temporary = await createTemporaryFile(place.path, job.expectedSize).catch((error: unknown) => {
      if (place.newFolder === undefined || !isMissing(error)) throw error;
      makeFolder(place.newFolder, job.durable !== false);
      assertRoom(folder, place.path, job.expectedSize);
      return createTemporaryFile(place.path, job.expectedSize);
    });
    try {
      const length = await job.write(temporary.sink);
      source.assertUnchanged();
      temporary.sink.copyFacts(source.facts, job.mode, job.keepOwner, job.keepTimes);
      if (job.durable !== false) await temporary.sink.sync(job.flush);
      await temporary.sink.close();
      signal?.throwIfAborted();
      if (place.inPlace) {
        // Windows replaces no open file.
        await source.close();
        assertStillThere(source);
        replaceFile(temporary.path, source.path, place.path, job.order, place.overwrite);
      } else moveFile(temporary.path, place.path, place.overwrite);
      if (job.durable !== false) await (job.flush?.folder(folder) ?? syncFolder(folder));
      return length;
    } catch (error) {
      await temporary.discard();
      throw error;
    }
  } catch (error) {
    throw fileError(error, { action: place.inPlace ? 'replace' : 'write', path: place.path });
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof SealwrightError && error.code === 'FILE_NOT_FOUND';

/** The name must still lead to the file that was read: an editor may have saved a new one under it. */
function assertStillThere(source: FileSource): void {
  const now = lstatSync(source.path, { bigint: true, throwIfNoEntry: false });
  const { dev, ino, size, mtimeNs } = source.facts;
  if (now === undefined || now.dev !== dev || now.ino !== ino || now.size !== size || now.mtimeNs !== mtimeNs)
    throw changedWhileRead(source.path);
}
