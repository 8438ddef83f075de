import { statSync } from 'node:fs';
import { basename, sep } from 'node:path';
import { type OpenedContent, type OpenOptions, open, type TransferOptions } from '../protection/index.ts';
import { fileError } from './file-error.ts';
import { type FileSource, openFileSource } from './file-source.ts';
import { privateMode } from './output-mode.ts';
import type { FileOutputOptions } from './output-options.ts';
import { assertPlaceFree, type OutputPlace, outputPlace } from './output-place.ts';
import { wholeContent } from './small-content.ts';
import { type FileThreadsOptions, fileCarrier } from './transfer/file-carrier.ts';
import { writeOutput } from './write-output.ts';

/** Options of {@link OpenedFile.saveTo}. */
export type SaveOptions = Pick<FileOutputOptions, 'overwrite' | 'mode' | 'durable' | 'flush'> &
  TransferOptions;

/** An {@link OpenedContent} over a file. Close it when done: that wipes the key and closes the file. */
export interface OpenedFile extends OpenedContent {
  /** Path of the protected file. */
  readonly path: string;
  /** The name of the opened file, safe to use in any folder. */
  readonly name: string;
  /**
   * Writes the content to `place` and gives the path: into it if it is a folder or ends with a separator,
   * else exactly there. Only the user may read the new file unless `mode` says otherwise.
   * Throws what `protectFile` throws for files, and `DECRYPTION_FAILED`.
   */
  saveTo(place: string, options?: SaveOptions): Promise<string>;
  close(): Promise<void>;
}

/** Options of {@link openFile}. */
export type OpenFileOptions = OpenOptions & FileThreadsOptions;

/**
 * Opens the protected file at `path` for the user the service acts for.
 *
 * @param path protected file; symbolic links are followed
 * @param options the service, as for `open`
 * @throws SealwrightError as `open`, and `FILE_NOT_FOUND`, `NOT_A_FILE`, `PERMISSION_DENIED`, `IO_FAILED`
 * @see spec/files.md
 *
 * @example
 * ```ts
 * import { openFile } from 'sealwright/node';
 * const file = await openFile('report.ptxt', { service: authority.as('bob@contoso.com') });
 * console.log(file.rights);
 * await file.saveTo('opened/');
 * await file.close();
 * ```
 */
export async function openFile(path: string, options: OpenFileOptions): Promise<OpenedFile> {
  const source = await openFileSource(path);
  try {
    const content = await open(wholeContent(source), {
      ...options,
      name: options.name ?? basename(path),
      carrier: fileCarrier(options),
    });
    return openedFile(source, content, options.signal);
  } catch (error) {
    await source.close();
    throw error;
  }
}

function openedFile(source: FileSource, content: OpenedContent, signal: AbortSignal | undefined): OpenedFile {
  const name = basename(content.name ?? source.path);
  return Object.freeze({
    ...content,
    path: source.path,
    name,
    async saveTo(where, options = {}) {
      const place = isFolder(where) ? { out: where } : { to: where };
      const output = outputPlace(source.path, name, 'unprotected', {
        ...place,
        overwrite: options.overwrite,
      });
      assertPlaceFree(output, source);
      const wait = { signal, ...options };
      await writeOpened(source, content, output, wait, options.mode ?? privateMode(source.facts), false);
      return output.path;
    },
    async close() {
      content.close();
      await source.close();
    },
  } satisfies OpenedFile);
}

/** Writes opened content to its place; gives its size. */
export function writeOpened(
  source: FileSource,
  content: OpenedContent,
  place: OutputPlace,
  transfer: TransferOptions & Pick<FileOutputOptions, 'durable' | 'flush'>,
  mode: number,
  keepOwner: boolean,
): Promise<number> {
  const { signal, onProgress, durable, flush } = transfer;
  return writeOutput({
    source,
    place,
    expectedSize: content.size ?? source.size,
    write: (sink) => content.writeTo(sink, { signal, onProgress }),
    mode,
    keepOwner,
    order: 'name-first',
    signal,
    durable,
    flush,
  });
}

function isFolder(path: string): boolean {
  if (path.endsWith('/') || path.endsWith(sep)) return true;
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    throw fileError(error, { action: 'write', path });
  }
}
