import { ByteReader, maxima, type ReaderSubject } from '../../bytes/index.ts';
import {
  fixedLength,
  hasSizeAndMetadata,
  minimumTableSize,
  type PfileHeader,
  type PfilePart,
  pfileMagic,
} from './header.ts';
import { checkVersion } from './signature.ts';

const subject: ReaderSubject = { what: 'PFILE header', code: 'MALFORMED_CONTAINER' };

/** The first 18 bytes of a PFILE. */
export interface FixedFields {
  readonly major: number;
  readonly minor: number;
  readonly noticeLength: number;
}

/** Where a part lies, before its bytes are read. */
interface Extent {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

/** The table that follows the notice, every field checked (spec/pfile.md, section 4). */
export interface HeaderTable {
  readonly tableSize: number;
  readonly extension: Extent;
  readonly license: Extent;
  readonly metadata: Extent | undefined;
  readonly storedOriginalSize: bigint | undefined;
  readonly contentOffset: number;
}

/** Reads version and notice length from the first {@link fixedLength} bytes, the signature of which was checked. */
export function parseFixedFields(bytes: Uint8Array): FixedFields {
  const reader = new ByteReader(bytes, subject);
  reader.bytes(pfileMagic.length, 'signature');
  const major = reader.uint32('major version');
  const minor = reader.uint32('minor version');
  checkVersion(major, minor);
  const noticeLength = reader.bounded(reader.uint32('notice length'), maxima.noticeBytes, 'notice length');
  return { major, minor, noticeLength };
}

/** Bytes from the start of the file that hold the fixed fields, the notice and the smallest table. */
export const smallestHead = (fixed: FixedFields): number =>
  fixedLength + fixed.noticeLength + minimumTableSize(fixed.major, fixed.minor);

/** Reads and checks the table; `head` has at least {@link smallestHead} bytes. */
export function parseTable(head: Uint8Array, fixed: FixedFields): HeaderTable {
  const reader = new ByteReader(head, subject);
  const start = fixedLength + fixed.noticeLength;
  reader.bytes(start, 'notice');
  const minimum = minimumTableSize(fixed.major, fixed.minor);
  const tableSize = reader.bounded(reader.uint32('table size'), maxima.headerTableBytes, 'table size');
  if (tableSize < minimum)
    throw reader.malformed(
      `its table claims ${tableSize} bytes, version ${fixed.major}.${fixed.minor} needs ${minimum}`,
    );

  const extent = (name: string, maximum: number): Extent => {
    const offset = reader.uint32(`${name} offset`);
    return {
      name,
      offset,
      length: reader.bounded(reader.uint32(`${name} length`), maximum, `${name} length`),
    };
  };
  const extension = extent('extension', maxima.extensionBytes);
  const license = extent('license', maxima.licenseBytes);
  if (license.length === 0) throw reader.malformed('it has no license');
  const contentOffset = reader.bounded(reader.uint32('content offset'), maxima.headBytes, 'content offset');
  const later = hasSizeAndMetadata(fixed.major, fixed.minor);
  const storedOriginalSize = later ? reader.uint64('original size') : undefined;
  const metadata = later ? extent('metadata', maxima.metadataBytes) : undefined;

  const table: Extent = { name: 'table', offset: 0, length: start + tableSize };
  checkApart([table, extension, license, ...(metadata ? [metadata] : [])], contentOffset, reader);
  return { tableSize, extension, license, metadata, storedOriginalSize, contentOffset };
}

/** Every part must lie before the content, and no two may share a byte. Numbers, so no sum can wrap. */
function checkApart(extents: readonly Extent[], contentOffset: number, reader: ByteReader): void {
  let end = 0;
  let before = '';
  for (const part of inOrder(extents)) {
    if (part.offset < end) throw reader.malformed(`its ${part.name} overlaps its ${before}`);
    end = part.offset + part.length;
    before = part.name;
  }
  for (const part of extents)
    if (part.offset + part.length > contentOffset)
      throw reader.malformed(
        `its ${part.name} reaches to ${part.offset + part.length}, past the start of the content at ${contentOffset}`,
      );
}

/** Parts that have bytes, by their place. */
const inOrder = <T extends { readonly offset: number; readonly length: number }>(
  extents: readonly T[],
): T[] => extents.filter((part) => part.length > 0).sort((a, b) => a.offset - b.offset);

/** Takes the whole head apart; `head` has exactly `table.contentOffset` bytes, and the parts are views of it. */
export function headerFrom(head: Uint8Array, fixed: FixedFields, table: HeaderTable): PfileHeader {
  const part = ({ offset, length }: Extent): PfilePart =>
    Object.freeze({ offset, bytes: head.subarray(offset, offset + length) });
  const start = fixedLength + fixed.noticeLength;
  const tableEnd = start + table.tableSize;
  const { extension, license, metadata } = table;

  const gaps: PfilePart[] = [];
  let covered = tableEnd;
  const end: Extent = { name: 'content', offset: table.contentOffset, length: 0 };
  for (const next of [...inOrder([extension, license, ...(metadata ? [metadata] : [])]), end]) {
    if (next.offset > covered)
      gaps.push(part({ name: 'gap', offset: covered, length: next.offset - covered }));
    covered = next.offset + next.length;
  }
  return Object.freeze({
    major: fixed.major,
    minor: fixed.minor,
    notice: head.subarray(fixedLength, start),
    tableSize: table.tableSize,
    extension: part(extension),
    license: part(license),
    metadata: metadata && part(metadata),
    storedOriginalSize: table.storedOriginalSize,
    reserved: head.subarray(start + minimumTableSize(fixed.major, fixed.minor), tableEnd),
    gaps: Object.freeze(gaps),
    contentOffset: table.contentOffset,
  });
}
