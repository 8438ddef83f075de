import { type ByteSource, concatenatedSource, type WaitOptions, zeroSource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { fileAllocationTable } from './allocation.ts';
import { sectorClaims } from './allocation-claims.ts';
import type { CompoundEntry, CompoundFile } from './compound-file.ts';
import { childNamed } from './directory.ts';
import { readAhead, readCopy } from './read-ahead.ts';
import { type CompoundSpace, readDirectory } from './read-directory.ts';
import { headerLength, parseHeader } from './read-header.ts';
import { streamContents } from './read-streams.ts';

export { isCompoundFile } from './signature.ts';

/** Bytes of the first read: header, and in a small file whatever lies next to it. */
const headLength = 4096;

/** What is known of the file already. */
export interface ReadCompoundFileOptions extends WaitOptions {
  /** Its first bytes, where they were read before: they are not read again. A copy is made. */
  readonly head?: Uint8Array | undefined;
}

/**
 * Reads header and directory of a compound file: a few reads of some kilobytes, whatever its size
 * (spec/compound-file.md, "Reading"). Contents are read when asked for, and need not be in memory.
 *
 * @param source the whole file, seekable and of known size; stays open and belongs to the caller
 * @returns storages and streams, frozen
 * @throws SealwrightError `MALFORMED_CONTAINER` if it is no compound file, or damaged; `LIMIT_EXCEEDED` for
 * one beyond `maxima`; `INVALID_ARGUMENT` for a stream
 *
 * @example
 * ```ts
 * const file = await readCompoundFile(memorySource(bytes));
 * const version = file.find('\x06DataSpaces', 'Version');
 * if (version?.kind === 'stream') console.log(await file.read(version, 1024));
 * ```
 */
export async function readCompoundFile(
  source: ByteSource,
  options?: ReadCompoundFileOptions,
): Promise<CompoundFile> {
  const { size } = source;
  if (size === undefined || !source.seekable)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'A compound file cannot be read from a stream: it takes random access. Collect the stream first.',
    );
  const known = options?.head;
  const head =
    known !== undefined && known.length >= Math.min(size, headerLength)
      ? known.slice(0, size)
      : await readCopy(source, 0, Math.min(size, headLength), options);
  const header = parseHeader(head, size);
  const fileSize = (header.sectors + 1) * header.sectorSize;
  // Some files end inside their last sector; what is missing is zero.
  const file = fileSize > size ? concatenatedSource([source, zeroSource(fileSize - size)]) : source;
  const ahead = readAhead(file, fileSize, head);
  const claims = sectorClaims();
  const space: CompoundSpace = {
    header,
    file,
    size,
    ahead,
    fat: fileAllocationTable(header, ahead, claims),
    claims,
  };
  const directory = await readDirectory(space, options);
  const contents = streamContents(space, directory);
  const { root } = directory;

  return Object.freeze({
    version: header.version,
    root,
    find(...path: readonly string[]): CompoundEntry | undefined {
      let found: CompoundEntry | undefined = root;
      for (const name of path) found = found?.kind === 'storage' ? childNamed(found, name) : undefined;
      return found;
    },
    open: contents.open,
    read: contents.whole,
    offsetOf: contents.offsetOf,
  });
}
