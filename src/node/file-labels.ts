import { basename } from 'node:path';
import { type ByteSink, type ByteSource, copySource, type WaitOptions } from '../bytes/index.ts';
import { changeLabels, type LabelChange, type LabelMetadata, readLabels } from '../label/index.ts';
import { type FileSource, openFileSource } from './file-source.ts';
import { sameMode } from './output-mode.ts';
import type { FileOutputOptions } from './output-options.ts';
import { assertPlaceFree, assertReplaceable, outputPlace } from './output-place.ts';
import { writeOutput } from './write-output.ts';

/** What {@link changeFileLabels} did. */
export interface LabelledFile {
  /** Path of the file with the labels as they are now. */
  readonly path: string;
  /** False if the file says already what it was to say: then nothing of it was touched. */
  readonly changed: boolean;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** In place: how many other names (hard links) the file had. They still lead to the file as it was. */
  readonly otherNames: number;
}

/** Options of {@link changeFileLabels}: without a place, the file itself is changed. */
export type ChangeFileLabelsOptions = FileOutputOptions & WaitOptions;

/**
 * The sensitivity labels that the file at `path` states. No key is needed, whether it is protected or not;
 * only the parts of it that hold labels are read. A file without labels, or of a kind that has none, gives an
 * empty list.
 *
 * @throws SealwrightError `FILE_NOT_FOUND`, `NOT_A_FILE`, `PERMISSION_DENIED`, `IO_FAILED`, and as `readLabels`
 *
 * @example
 * ```ts
 * import { readFileLabels } from 'sealwright/node';
 * const names = (await readFileLabels('report.docx')).map((label) => label.name);
 * ```
 */
export async function readFileLabels(
  path: string,
  options: WaitOptions = {},
): Promise<readonly LabelMetadata[]> {
  const source = await openFileSource(path);
  try {
    return await readLabels(source, { name: path, signal: options.signal });
  } finally {
    await source.close();
  }
}

/**
 * Sets or removes a sensitivity label. No key is needed, and nothing else in the file changes. By default the
 * file itself gets the new label, replaced as a whole: permissions and owner stay, the time of modification is
 * now. With `out` or `to` a copy gets it.
 *
 * @param path file to label; symbolic links are followed, except in place
 * @throws SealwrightError as `changeLabels`, and what `protectFile` throws for files
 * @see spec/files.md, "Labels"
 *
 * @example
 * ```ts
 * import { changeFileLabels } from 'sealwright/node';
 * await changeFileLabels('report.docx', { set: { id: labelId, siteId: tenantId, name: 'Confidential' } });
 * ```
 */
export async function changeFileLabels(
  path: string,
  change: LabelChange,
  options: ChangeFileLabelsOptions = {},
): Promise<LabelledFile> {
  const inPlace = options.out === undefined && options.to === undefined;
  const { signal } = options;
  const place = outputPlace(path, basename(path), undefined, {
    ...options,
    inPlace: options.inPlace ?? inPlace,
  });
  const source = await openFileSource(path);
  try {
    if (place.inPlace) assertReplaceable(path);
    assertPlaceFree(place, source);
    const changed = await changeLabels(source, change, { name: path, signal });
    const same = await isSame(source, changed, signal);
    const bytesOut =
      same && place.inPlace
        ? source.size
        : await writeOutput({
            source,
            place,
            expectedSize: changed.size ?? source.size,
            write: (sink) =>
              copySource(changed, reporting(sink, changed.size, options.onProgress), { signal }),
            mode: options.mode ?? sameMode(source.facts),
            keepOwner: true,
            keepTimes: same,
            order: 'content-first',
            signal,
            durable: options.durable,
            flush: options.flush,
          });
    const otherNames = place.inPlace && !same ? Number(source.facts.nlink) - 1 : 0;
    return Object.freeze({ path: place.path, changed: !same, bytesIn: source.size, bytesOut, otherNames });
  } finally {
    await source.close();
  }
}

/** A sink that reports what was written. */
function reporting(
  sink: ByteSink,
  total: number | undefined,
  onProgress: FileOutputOptions['onProgress'],
): ByteSink {
  if (onProgress === undefined) return sink;
  let done = 0;
  return {
    async write(bytes, wait) {
      await sink.write(bytes, wait);
      done += bytes.length;
      onProgress(done, total);
    },
  };
}

const windowLength = 1024 * 1024;

async function isSame(
  before: FileSource,
  after: ByteSource,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (after === before) return true;
  if (after.size !== before.size) return false;
  for (let at = 0; at < before.size; at += windowLength) {
    const old = (await before.read(at, windowLength, { signal })).slice();
    if (Buffer.compare(old, await after.read(at, windowLength, { signal })) !== 0) return false;
  }
  return true;
}
