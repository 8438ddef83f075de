import { ByteWriter, maxima } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { layoutCompoundFile } from '../compound-file/layout.ts';
import type { ContainerHeader } from '../container-format.ts';
import { aroundContent } from './around-content.ts';
import { bindingOf } from './binding.ts';
import { dataSpaceEntries } from './data-space-entries.ts';
import { binaryNames, packageNames } from './data-spaces/names.ts';
import { clearStreams, type OfficeDocument } from './document-parts.ts';
import type { OfficeContents } from './office-container.ts';
import { sizePrefixLength } from './read.ts';
import { storedLicense } from './stored-license.ts';

/** The version of data spaces that is written; there is no other. */
export const writtenVersion = '1.0';

/**
 * Lays out a new protected Office file around its content (spec/office.md, "Writing"). The same contents
 * give the same bytes.
 *
 * @param contents `originalSize` and `contentSize` must be known, because a compound file says where
 *   everything is before it comes; `document` is what `examine` found, an Office Open XML package without it
 *
 * Throws `INVALID_ARGUMENT`, `UNSUPPORTED_VERSION`, `LIMIT_EXCEEDED`, `MALFORMED_LICENSE`.
 */
export function officeHeader(contents: OfficeContents): ContainerHeader {
  const { formatVersion = writtenVersion } = contents;
  if (formatVersion !== writtenVersion)
    throw new SealwrightError(
      'UNSUPPORTED_VERSION',
      `Office files of version ${formatVersion} cannot be written; the only version is ${writtenVersion}.`,
    );
  const originalSize = size(contents.originalSize, 'original size');
  const contentSize = size(contents.contentSize, 'size of the content');
  if (contentSize < originalSize)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `A document of ${originalSize} bytes does not fit into ${contentSize} bytes of content.`,
    );
  if (contentSize > maxima.officeContentBytes)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The document has ${originalSize} bytes; an Office file holds at most ${maxima.officeContentBytes} of content. Choose the format pfile for it.`,
    );
  const document = (contents.document as OfficeDocument | undefined) ?? plainPackage;
  const names = document.kind === 'binary' ? binaryNames : packageNames;
  const license = storedLicense(contents.publishingLicense);
  const dataSpaces = dataSpaceEntries({
    names,
    license,
    labelInfo: contents.metadata ?? new Uint8Array(0),
    useLicenses: contents.useLicenses ?? [],
  });
  const content = {
    kind: 'stream',
    name: names.content,
    content: { pendingSize: sizePrefixLength + contentSize },
  } as const;
  const layout = layoutCompoundFile(
    {
      classId: document.classId,
      entries: [...clearStreams(document, contents.labelProperties), dataSpaces, content],
    },
    { version: contents.compoundVersion },
  );
  const prefix = new ByteWriter().uint64(BigInt(originalSize)).toBytes();
  return {
    ...aroundContent(layout, prefix),
    formatVersion,
    binding: bindingOf(names.content, license),
  };
}

/** A package nothing is known of. */
const plainPackage: OfficeDocument = Object.freeze({
  kind: 'package',
  application: undefined,
  classId: undefined,
  compObj: undefined,
  applicationName: undefined,
});

function size(value: number | undefined, what: string): number {
  if (value !== undefined && Number.isSafeInteger(value) && value >= 0) return value;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    value === undefined
      ? `The ${what} must be known before an Office file is written. Pass bytes, a Blob or a file.`
      : `The ${what} must be a whole number of bytes; ${value} was given.`,
  );
}
