import { type ByteSource, concatenatedSource, maxima, type WaitOptions } from '../bytes/index.ts';
import { cipherMode, cipherModeNames } from '../cipher/index.ts';
import {
  type PfileContainer,
  type PfileHeader,
  type PfilePart,
  pfileFormat,
  serializePfileHeader,
} from '../container/index.ts';
import { SealwrightError, type SealwrightErrorCode } from '../errors.ts';
import { readPublishingLicense } from '../license/index.ts';
import type { LabelPlace } from './label-place.ts';
import { readPfileLabels } from './pfile-labels.ts';
import { changeXmp } from './xmp-edit.ts';

/**
 * Labels in the metadata of a PFILE, which is neither encrypted nor signed (spec/image-labels.md, "PFILE"). Needs
 * no key. A file in our own cipher mode refuses the change, because there the header is bound to the key.
 *
 * @example
 * ```ts
 * const labelled = await pfileLabels.change(source, { remove: 'all' });
 * ```
 */
export const pfileLabels: LabelPlace = Object.freeze({
  name: 'pfile',
  async read(source: ByteSource, options?: WaitOptions) {
    const metadata = await metadataOf(source, options);
    return Object.freeze({ labelInfo: undefined, properties: readPfileLabels(metadata) });
  },
  async change(source, change, options) {
    const container = await pfileFormat.read(source, options);
    const { header } = container;
    if (header.metadata === undefined && 'remove' in change) return source;
    if (header.metadata === undefined)
      throw new SealwrightError(
        'UNSUPPORTED_FORMAT',
        `This PFILE has version ${container.formatVersion}, which has no place for labels. Protect the original again to get a version that has.`,
      );
    const metadata = changeXmp(header.metadata.bytes, change, {
      form: 'structured',
      maximum: maxima.metadataBytes,
    });
    if (metadata === undefined) return source;
    refuseBound(container);
    const head = withMetadata(header, metadata);
    if (metadata.length > maxima.metadataBytes || head.contentOffset > maxima.headBytes)
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        `With this label the metadata of the PFILE would have ${metadata.length} bytes, more than it can hold. Use a label with fewer facts.`,
      );
    return concatenatedSource([serializePfileHeader(head), source.slice(header.contentOffset)]);
  },
} satisfies LabelPlace);

/** What a file that is damaged, or of no version we know, gives; anything else, reading threw. */
const unreadable: readonly SealwrightErrorCode[] = [
  'NOT_PROTECTED',
  'MALFORMED_CONTAINER',
  'UNSUPPORTED_VERSION',
  'LIMIT_EXCEEDED',
];

async function metadataOf(source: ByteSource, options: WaitOptions | undefined): Promise<Uint8Array> {
  try {
    return (await pfileFormat.read(source, options)).metadata;
  } catch (error) {
    if (error instanceof SealwrightError && unreadable.includes(error.code)) return new Uint8Array(0);
    throw error;
  }
}

/** In an authenticated mode a changed header would keep everyone from opening the file (spec/pfile.md, section 6). */
function refuseBound(container: PfileContainer): void {
  const stated = statedMode(container.publishingLicense)?.toUpperCase();
  // Licenses of Microsoft's seal the mode with the key; none of its modes binds anything.
  if (stated === undefined) return;
  const known = cipherModeNames.find((name) => name === stated);
  if (known !== undefined && !cipherMode(known).authenticated) return;
  throw new SealwrightError(
    'UNSUPPORTED_FORMAT',
    'The labels of this PFILE are bound to its key, so that nobody can change them. Label the original, if it is of a kind that keeps labels, and protect it again.',
  );
}

function statedMode(license: Uint8Array): string | undefined {
  try {
    return readPublishingLicense(license).cipherMode;
  } catch (cause) {
    throw new SealwrightError(
      'MALFORMED_CONTAINER',
      'The publishing license of this PFILE cannot be read, so it is not known whether its labels may change. Get a fresh copy of the file.',
      { cause },
    );
  }
}

/** The header with other metadata in the place of what was there; what stands behind it moves. */
function withMetadata(header: PfileHeader, bytes: Uint8Array): PfileHeader {
  const old = header.metadata as PfilePart;
  // Empty metadata may claim to be anywhere.
  const offset = old.bytes.length === 0 ? header.contentOffset : old.offset;
  const end = offset + old.bytes.length;
  const growth = bytes.length - old.bytes.length;
  const contentOffset = header.contentOffset + growth;
  const moved = (part: PfilePart): PfilePart => ({
    bytes: part.bytes,
    offset: Math.min(
      part.offset >= end ? part.offset + growth : part.offset,
      contentOffset - part.bytes.length,
    ),
  });
  return {
    ...header,
    extension: moved(header.extension),
    license: moved(header.license),
    metadata: { offset, bytes },
    gaps: header.gaps.map(moved),
    contentOffset,
  };
}
