import { concatBytes, encodeUtf8, maxima } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { ContainerContents, ContainerHeader } from '../container-format.ts';
import { isSafeExtension } from './extension.ts';
import {
  bindingOf,
  fixedLength,
  minimumTableSize,
  originalSizeInTable,
  type PfileHeader,
  type PfilePart,
  serializePfileHeader,
  tableOffset,
  unknownSize,
} from './header.ts';
import { notice } from './notice.ts';

/** Versions that are written; the first is the default. */
const writableVersions = ['3.0', '2.1'] as const;

/**
 * Lays out the start of a new PFILE: table, extension, license and metadata back to back, the content to
 * follow at once (spec/pfile.md, section 7). The same contents give the same bytes.
 *
 * Throws `UNSUPPORTED_VERSION`, `INVALID_ARGUMENT`, `LIMIT_EXCEEDED`.
 */
export function pfileHeader(contents: ContainerContents): ContainerHeader {
  const header = layoutPfileHeader(contents);
  const bytes = serializePfileHeader(header);
  return {
    bytes,
    formatVersion: `${header.major}.${header.minor}`,
    binding: bindingOf(bytes, header),
    originalSizeField: {
      offset: tableOffset(header) + originalSizeInTable,
      encode: (size) => {
        const field = new Uint8Array(8);
        new DataView(field.buffer).setBigUint64(0, storedSize(size), true);
        return field;
      },
    },
  };
}

function layoutPfileHeader(contents: ContainerContents): PfileHeader {
  const version = contents.formatVersion ?? writableVersions[0];
  if (!writableVersions.some((known) => known === version))
    throw new SealwrightError(
      'UNSUPPORTED_VERSION',
      `PFILE version ${version} cannot be written; write ${writableVersions.join(' or ')}.`,
    );
  if (!isSafeExtension(contents.originalExtension))
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'The original extension must be empty, or a dot and 1 to 32 characters that may stand in a file name.',
    );
  const license = contents.publishingLicense;
  if (license.length === 0)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'A PFILE needs a publishing license; an empty one was given.',
    );
  const metadata = contents.metadata ?? new Uint8Array(0);
  within(license, maxima.licenseBytes, 'publishing license');
  within(metadata, maxima.metadataBytes, 'metadata');

  const [major, minor] = version === '2.1' ? [2, 1] : [3, 0];
  const tableSize = minimumTableSize(major, minor);
  let end = fixedLength + notice.length + tableSize;
  const part = (bytes: Uint8Array): PfilePart => {
    const offset = end;
    end += bytes.length;
    return { offset, bytes };
  };
  return {
    major,
    minor,
    notice,
    tableSize,
    extension: part(encodeUtf8(contents.originalExtension)),
    license: part(license),
    metadata: part(metadata),
    storedOriginalSize: contents.originalSize === undefined ? unknownSize : storedSize(contents.originalSize),
    reserved: concatBytes([]),
    gaps: [],
    contentOffset: end,
  };
}

function within(bytes: Uint8Array, maximum: number, what: string): void {
  if (bytes.length <= maximum) return;
  throw new SealwrightError(
    'LIMIT_EXCEEDED',
    `The ${what} has ${bytes.length} bytes; a PFILE holds at most ${maximum}.`,
  );
}

function storedSize(size: number): bigint {
  if (Number.isSafeInteger(size) && size >= 0) return BigInt(size);
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `The original size must be a whole number of bytes; ${size} was given.`,
  );
}
