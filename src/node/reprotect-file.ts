import { basename } from 'node:path';
import { type ReprotectOptions, reprotect } from '../protection/index.ts';
import { openFileSource } from './file-source.ts';
import type { FileOutputOptions } from './output-options.ts';
import { assertPlaceFree, assertReplaceable, outputPlace } from './output-place.ts';
import { type ProtectedFile, writeProtected } from './protect-file.ts';

/** Options of {@link reprotectFile}. */
export type ReprotectFileOptions = ReprotectOptions & FileOutputOptions;

/**
 * Gives the protected file at `path` another policy. The plaintext is never on disk. The new file has the
 * name of the old one, so say `inPlace: true`, or another folder or path.
 *
 * @throws SealwrightError as `reprotect`, and what `protectFile` throws for files
 * @see spec/files.md
 *
 * @example
 * ```ts
 * import { reprotectFile } from 'sealwright/node';
 * await reprotectFile('report.ptxt', { service, template: staffOnly.id, inPlace: true });
 * ```
 */
export async function reprotectFile(path: string, options: ReprotectFileOptions): Promise<ProtectedFile> {
  const name = options.name ?? basename(path);
  const source = await openFileSource(path);
  try {
    // The name stays, whatever it is: people know the file by it.
    const place = outputPlace(path, name, options);
    if (place.inPlace) assertReplaceable(path);
    assertPlaceFree(place, source);
    const content = await reprotect(source, { ...options, name });
    return await writeProtected(source, content, place, options);
  } finally {
    await source.close();
  }
}
