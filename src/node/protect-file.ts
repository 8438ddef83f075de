import { basename } from 'node:path';
import { type ContainerName, type FileFormat, pfileFormat } from '../container/index.ts';
import {
  chooseFormat,
  type ProtectedContent,
  type ProtectOptions,
  protectChosen,
  recogniseDocument,
  refuseProtected,
} from '../protection/index.ts';
import { type FileSource, openFileSource } from './file-source.ts';
import { finishName, halfProtected } from './interrupted-run.ts';
import { sameMode } from './output-mode.ts';
import type { FileOutputOptions } from './output-options.ts';
import { assertPlaceFree, assertReplaceable, type OutputPlace, outputPlace } from './output-place.ts';
import { isSecondName } from './place-file.ts';
import { wholeContent } from './small-content.ts';
import { type FileThreadsOptions, fileCarrier } from './transfer/file-carrier.ts';
import { writeOutput } from './write-output.ts';

/** What `protectFile` and `reprotectFile` made. */
export interface ProtectedFile {
  /** Path of the protected file. */
  readonly path: string;
  /** GUID in braces: what `revoke` takes. */
  readonly contentId: string;
  /** The cipher mode; `undefined` only for a finished earlier run whose license does not tell it. */
  readonly cipherMode: string | undefined;
  /** `office` for an Office document in its own format, `pfile` for anything else. */
  readonly format: ContainerName;
  readonly formatVersion: string;
  /** Bytes of the input and of the protected file. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /**
   * True if the content was protected already, under the policy of that time, by a run in place that was
   * interrupted before it renamed the file, and only the name was still to be given.
   */
  readonly finishedEarlierRun: boolean;
  /** In place: how many other names (hard links) the original has. They still lead to the **unprotected** content. */
  readonly otherNames: number;
}

/** Options of {@link protectFile}. */
export type ProtectFileOptions = ProtectOptions & FileOutputOptions & FileThreadsOptions;

/**
 * Protects the file at `path`. By default the protected file appears beside it and the original stays. Office
 * documents keep their format and name (`plan.docx`; beside the original, `plan-protected.docx`), all others
 * get a name that says what they are (`report.txt` gives `report.ptxt`, `plan.dwg` gives `plan.dwg.pfile`).
 * Times and permissions are kept; nothing is overwritten unless told; a failure or an abort leaves the
 * original as it was and nothing else.
 *
 * @param path file to protect; symbolic links are followed, except in place
 * @param options the service and a policy or template, as for `protect`, and where the file is to go
 * @throws SealwrightError as `protect`, and `FILE_NOT_FOUND`, `NOT_A_FILE`, `OUTPUT_EXISTS`,
 * `PERMISSION_DENIED`, `NO_SPACE`, `IO_FAILED`; the signal's reason when aborted
 * @see spec/files.md
 *
 * @example
 * ```ts
 * import { protectFile } from 'sealwright/node';
 * const { path, contentId } = await protectFile('report.txt', {
 *   service: authority.as('alice@contoso.com'),
 *   policy: { grants: [{ to: 'bob@contoso.com', rights: ['VIEW', 'PRINT'] }] },
 *   out: 'protected',
 * });
 * ```
 */
export async function protectFile(path: string, options: ProtectFileOptions): Promise<ProtectedFile> {
  const name = options.name ?? basename(path);
  const placeIn = (format: FileFormat): OutputPlace =>
    outputPlace(path, format.protectedName(name), 'protected', options);
  const source = await openFileSource(path);
  try {
    if (options.inPlace) assertReplaceable(path);
    const settings = { ...options, name, carrier: fileCarrier(options) };
    const start = await recogniseDocument(wholeContent(source), settings);
    if (options.inPlace && start.recognition?.kind === 'pfile') {
      const finished = await finishEarlierRun(source, placeIn(pfileFormat), options);
      if (finished !== undefined) return finished;
    }
    refuseProtected(start, name);
    // The new file's name depends on its format, and must be free before a license is asked for.
    const chosen = await chooseFormat(start, settings);
    const place = placeIn(chosen.format);
    assertPlaceFree(place, source);
    const content = await protectChosen(chosen, settings);
    return await writeProtected(source, content, place, options);
  } finally {
    await source.close();
  }
}

/** If an interrupted run in place did all but give the name, gives it. Formats that keep names need no such step. */
async function finishEarlierRun(
  source: FileSource,
  place: OutputPlace,
  options: ProtectFileOptions,
): Promise<ProtectedFile | undefined> {
  const found = options.format === 'office' ? undefined : await halfProtected(source, options);
  if (!found?.contentId) return undefined;
  if (!isSecondName(source.path, place.path)) assertPlaceFree(place, source);
  await finishName(source, place.path, place.overwrite, options.durable !== false);
  return Object.freeze({
    path: place.path,
    contentId: found.contentId,
    cipherMode: found.cipherMode ?? undefined,
    format: 'pfile',
    formatVersion: found.formatVersion ?? '',
    bytesIn: found.originalSize ?? source.size,
    bytesOut: source.size,
    finishedEarlierRun: true,
    otherNames: 0,
  });
}

/** Writes protected content to its place; the original's mode and owner are kept. */
export async function writeProtected(
  source: FileSource,
  content: ProtectedContent,
  place: OutputPlace,
  options: FileOutputOptions & { readonly signal?: AbortSignal | undefined },
): Promise<ProtectedFile> {
  const { signal, onProgress } = options;
  try {
    const bytesOut = await writeOutput({
      source,
      place,
      expectedSize: content.size ?? source.size,
      write: (sink) => content.writeTo(sink, { signal, onProgress }),
      mode: options.mode ?? sameMode(source.facts),
      keepOwner: true,
      order: 'content-first',
      signal,
      durable: options.durable,
      flush: options.flush,
    });
    return Object.freeze({
      path: place.path,
      contentId: content.contentId,
      cipherMode: content.cipherMode,
      format: content.format,
      formatVersion: content.formatVersion,
      bytesIn: source.size,
      bytesOut,
      finishedEarlierRun: false,
      otherNames: place.inPlace ? Number(source.facts.nlink) - 1 : 0,
    });
  } finally {
    content.discard();
  }
}
