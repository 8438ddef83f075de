import { basename } from 'node:path';
import type { ByteSource, WaitOptions } from '../bytes/index.ts';
import { type AnyFormat, detectionBytes, recognise } from '../container/index.ts';
import { type ReprotectOptions, reprotect } from '../protection/index.ts';
import { formatNamed } from './chosen-format.ts';
import { openFileSource } from './file-source.ts';
import type { FileOutputOptions } from './output-options.ts';
import { assertPlaceFree, assertReplaceable, outputPlace } from './output-place.ts';
import { type ProtectedFile, writeProtected } from './protect-file.ts';
import { wholeContent } from './small-content.ts';
import { type FileThreadsOptions, fileCarrier } from './transfer/file-carrier.ts';

/** Options of {@link reprotectFile}. */
export type ReprotectFileOptions = ReprotectOptions & FileOutputOptions & FileThreadsOptions;

/**
 * Gives the protected file at `path` another policy. The plaintext is never on disk. Format and name stay
 * those of the old file, so say `inPlace: true`, or another folder or path. With another `format` the new
 * file is named as that format names files.
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
    const document = wholeContent(source);
    const former = await formatOf(document, options);
    const format = options.format ?? former?.name;
    // The name stays, whatever it is, as long as the format does: people know the file by it.
    const newName =
      former === undefined || format === undefined || format === former.name
        ? name
        : formatNamed(format).protectedName(await originalName(document, former, name, options));
    const place = outputPlace(path, newName, undefined, options);
    if (place.inPlace) assertReplaceable(path);
    assertPlaceFree(place, source);
    const content = await reprotect(document, { ...options, name, format, carrier: fileCarrier(options) });
    return await writeProtected(source, content, place, options);
  } finally {
    await source.close();
  }
}

async function formatOf(source: ByteSource, { signal }: WaitOptions): Promise<AnyFormat | undefined> {
  const head = new Uint8Array(await source.read(0, detectionBytes, { signal }));
  return (await recognise(head, source, { signal })).format;
}

async function originalName(
  source: ByteSource,
  format: AnyFormat,
  name: string,
  { signal }: WaitOptions,
): Promise<string> {
  return format.originalName(name, (await format.read(source, { signal })).originalExtension);
}
