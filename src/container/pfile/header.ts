import { ByteWriter } from '../../bytes/index.ts';

/** ASCII `.pfile`, the first six bytes (spec/pfile.md, section 1). */
export const pfileMagic = Uint8Array.of(0x2e, 0x70, 0x66, 0x69, 0x6c, 0x65);

/** Magic, two version numbers and the length of the notice. */
export const fixedLength = 18;

/** The original size that says "not known when this was written" (section 1.5). */
export const unknownSize = 0xffff_ffff_ffff_ffffn;

/** Where the original size stands in the table, in versions that have it (section 1.2). */
export const originalSizeInTable = 24;

/** A run of bytes of the header with its place in the file. */
export interface PfilePart {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * Every byte in front of the content, taken apart: {@link serializePfileHeader} gives back exactly what
 * was read. Offsets are from the start of the file.
 */
export interface PfileHeader {
  readonly major: number;
  readonly minor: number;
  /** Text for someone who opens the file in an editor; never interpreted. */
  readonly notice: Uint8Array;
  /** Bytes of the table as stored, its own size field included. */
  readonly tableSize: number;
  readonly extension: PfilePart;
  readonly license: PfilePart;
  /** `undefined` in version 2.0, which has no such field. */
  readonly metadata: PfilePart | undefined;
  /** The original size as stored, `undefined` in version 2.0. */
  readonly storedOriginalSize: bigint | undefined;
  /** What the table holds beyond the fields of its version. */
  readonly reserved: Uint8Array;
  /** Bytes before the content that belong to no part. */
  readonly gaps: readonly PfilePart[];
  readonly contentOffset: number;
}

/** Whether the version has original size and metadata: 2.1 and later (spec/pfile.md, section 1.2). */
export const hasSizeAndMetadata = (major: number, minor: number): boolean =>
  major > 2 || (major === 2 && minor >= 1);

/** The smallest table of a version. */
export const minimumTableSize = (major: number, minor: number): number =>
  hasSizeAndMetadata(major, minor) ? 40 : 24;

/** The offset of the table's first byte. */
export const tableOffset = (header: PfileHeader): number => fixedLength + header.notice.length;

/** Puts a header together again; a new array of `contentOffset` bytes (spec/pfile.md, section 1). */
export function serializePfileHeader(header: PfileHeader): Uint8Array {
  const { extension, license, metadata } = header;
  const start = new ByteWriter()
    .bytes(pfileMagic)
    .uint32(header.major)
    .uint32(header.minor)
    .uint32(header.notice.length)
    .bytes(header.notice)
    .uint32(header.tableSize)
    .uint32(extension.offset)
    .uint32(extension.bytes.length)
    .uint32(license.offset)
    .uint32(license.bytes.length)
    .uint32(header.contentOffset);
  if (metadata !== undefined)
    start
      .uint64(header.storedOriginalSize ?? unknownSize)
      .uint32(metadata.offset)
      .uint32(metadata.bytes.length);
  start.bytes(header.reserved);

  const head = new Uint8Array(header.contentOffset);
  head.set(start.toBytes());
  for (const part of [extension, license, ...(metadata ? [metadata] : []), ...header.gaps])
    if (part.bytes.length > 0) head.set(part.bytes, part.offset);
  return head;
}

/**
 * What an authenticated cipher mode binds into its key: every byte before the content, with the original
 * size set to "unknown", because it may be written after the content (spec/pfile.md, section 6).
 */
export function bindingOf(head: Uint8Array, header: PfileHeader): Uint8Array {
  const binding = new Uint8Array(head);
  if (header.storedOriginalSize !== undefined) {
    const at = tableOffset(header) + originalSizeInTable;
    binding.fill(0xff, at, at + 8);
  }
  return binding;
}
