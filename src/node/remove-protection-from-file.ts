import { basename } from 'node:path';
import { type OpenOptions, removeProtection } from '../protection/index.ts';
import { openFileSource } from './file-source.ts';
import { pathToOpenInPlace } from './interrupted-run.ts';
import { writeOpened } from './open-file.ts';
import { privateMode, sameMode } from './output-mode.ts';
import type { FileOutputOptions } from './output-options.ts';
import { assertPlaceFree, assertReplaceable, outputPlace } from './output-place.ts';
import { wholeContent } from './small-content.ts';
import { type FileThreadsOptions, fileCarrier } from './transfer/file-carrier.ts';

/** What {@link removeProtectionFromFile} made. */
export interface UnprotectedFile {
  /** Path of the file without protection. */
  readonly path: string;
  readonly contentId: string;
  /** Bytes of the protected file and of the file without protection. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** Options of {@link removeProtectionFromFile}. */
export type RemoveProtectionFromFileOptions = OpenOptions & FileOutputOptions & FileThreadsOptions;

/**
 * Makes an unprotected file from the protected one at `path`, for users whose rights allow that. Where both
 * bear the same name, as Office documents do, the one beside the other is called `report-unprotected.docx`,
 * or `report.docx` if the protected one is `report-protected.docx`. Beside the protected file only the user
 * may read the new one; in place it keeps permissions and owner.
 *
 * @throws SealwrightError as `removeProtection`, and what `protectFile` throws for files
 * @see spec/files.md
 *
 * @example
 * ```ts
 * import { removeProtectionFromFile } from 'sealwright/node';
 * const { path } = await removeProtectionFromFile('report.ptxt', { service, inPlace: true });
 * ```
 */
export async function removeProtectionFromFile(
  path: string,
  options: RemoveProtectionFromFileOptions,
): Promise<UnprotectedFile> {
  const input = options.inPlace ? await pathToOpenInPlace(path, options) : path;
  const source = await openFileSource(input);
  try {
    if (options.inPlace) assertReplaceable(input);
    const name = options.name ?? basename(input);
    const content = await removeProtection(wholeContent(source), {
      ...options,
      name,
      carrier: fileCarrier(options),
    });
    try {
      const place = outputPlace(input, content.name ?? basename(input), 'unprotected', options);
      assertPlaceFree(place, source);
      const usual = place.inPlace ? sameMode(source.facts) : privateMode(source.facts);
      const { signal, onProgress, durable, flush } = options;
      const bytesOut = await writeOpened(
        source,
        content,
        place,
        { signal, onProgress, durable, flush },
        options.mode ?? usual,
        place.inPlace,
      );
      return Object.freeze({
        path: place.path,
        contentId: content.contentId,
        bytesIn: source.size,
        bytesOut,
      });
    } finally {
      content.close();
    }
  } finally {
    await source.close();
  }
}
