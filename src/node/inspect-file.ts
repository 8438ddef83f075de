import { type Inspection, type InspectOptions, inspect } from '../protection/index.ts';
import { openFileSource } from './file-source.ts';

/** Options of {@link inspectFile}: those of `inspect`. */
export type InspectFileOptions = InspectOptions;

/**
 * Tells what the file at `path` says without any key and without any network. Only its head is read, of Office
 * documents and PDFs the directory too. A file that is not protected is not an error; its labels are told.
 *
 * @throws SealwrightError `FILE_NOT_FOUND`, `NOT_A_FILE`, `PERMISSION_DENIED`, `IO_FAILED`, and as `inspect`
 *
 * @example
 * ```ts
 * import { inspectFile } from 'sealwright/node';
 * const { owner, validUntil } = await inspectFile('report.ptxt');
 * ```
 */
export async function inspectFile(path: string, options: InspectFileOptions = {}): Promise<Inspection> {
  const source = await openFileSource(path);
  try {
    return await inspect(source, options);
  } finally {
    await source.close();
  }
}
