import { decodeUtf8 } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import {
  elsewhere16,
  elsewhere32,
  fieldsOf,
  lengths,
  malformedZip,
  signatures,
  type ZipEntry,
  zip64Extra,
} from './archive.ts';
import type { ZipEnd } from './end.ts';

/** Flags of an entry, APPNOTE 4.4.4: encrypted, strongly encrypted, directory masked; and a name in UTF-8. */
const encryptedFlags = 0x2041;
export const utf8Flag = 0x0800;

/** An entry before it is known where the next one begins. */
type OpenEntry = Omit<ZipEntry, 'limit'> & { limit: number };

/**
 * The entries of a directory, each checked against the end record, against the others, and against the file.
 *
 * @throws SealwrightError `MALFORMED_CONTAINER`; `UNSUPPORTED_FORMAT` for encrypted ones
 */
export function parseDirectory(directory: Uint8Array, end: ZipEnd): ReadonlyMap<string, ZipEntry> {
  const found: OpenEntry[] = [];
  let at = 0;
  for (let index = 0; index < end.count; index++) {
    const entry = parseRecord(directory, at, end);
    found.push(entry);
    at += entry.record.length;
  }
  if (at !== directory.length) throw malformedZip('its directory has another length than it says');
  return withLimits(found, end.directoryOffset);
}

function parseRecord(directory: Uint8Array, at: number, end: ZipEnd): OpenEntry {
  const offset = end.directoryOffset + at;
  if (at + lengths.directory > directory.length) throw malformedZip('its directory ends early', offset);
  const fixed = fieldsOf(directory.subarray(at, at + lengths.directory));
  if (fixed.getUint32(0, true) !== signatures.directory)
    throw malformedZip('a record of its directory does not begin as one', offset);
  const nameLength = fixed.getUint16(28, true);
  const extraLength = fixed.getUint16(30, true);
  const length = lengths.directory + nameLength + extraLength + fixed.getUint16(32, true);
  if (at + length > directory.length) throw malformedZip('its directory ends early', offset);
  const record = directory.subarray(at, at + length);
  const flags = fixed.getUint16(8, true);
  if ((flags & encryptedFlags) !== 0)
    throw new SealwrightError(
      'UNSUPPORTED_FORMAT',
      'A file in the ZIP archive is encrypted with a password, which no document is inside. Unpack the archive and take the documents in it.',
      { offset },
    );
  const nameEnd = lengths.directory + nameLength;
  const wide = zip64Values(record.subarray(nameEnd, nameEnd + extraLength));
  /** In this order, each only if its field is all ones, APPNOTE 4.5.3. */
  const take = (narrow: number, elsewhere: number): number => {
    if (narrow !== elsewhere || wide === undefined) return narrow;
    const value = wide.shift();
    if (value === undefined) throw malformedZip('a ZIP64 field of its directory is too short', offset);
    return value;
  };
  const size = take(fixed.getUint32(24, true), elsewhere32);
  const compressedSize = take(fixed.getUint32(20, true), elsewhere32);
  const local = take(fixed.getUint32(42, true), elsewhere32);
  const disk = fixed.getUint16(34, true);
  if (disk !== 0 && disk !== elsewhere16) throw malformedZip('it is one of several volumes', offset);
  return {
    name: nameOf(record.subarray(lengths.directory, nameEnd), flags, offset),
    method: fixed.getUint16(10, true),
    crc32: fixed.getUint32(16, true),
    compressedSize,
    size,
    offset: end.base + local,
    limit: end.directoryOffset,
    record,
  };
}

/** Fills in what each entry reaches up to; refuses two that share bytes, or a name. */
function withLimits(found: readonly OpenEntry[], directoryOffset: number): ReadonlyMap<string, ZipEntry> {
  let limit = directoryOffset;
  for (const entry of [...found].sort((a, b) => b.offset - a.offset)) {
    const nameLength = entry.record[28]! + 256 * entry.record[29]!;
    if (entry.offset + lengths.local + nameLength + entry.compressedSize > limit)
      throw malformedZip('two of its files overlap, or one reaches into the directory', entry.offset);
    entry.limit = limit;
    limit = entry.offset;
  }
  const entries = new Map<string, ZipEntry>();
  for (const entry of found) {
    if (entries.has(entry.name)) throw malformedZip('two of its files have the same name', entry.offset);
    entries.set(entry.name, entry);
  }
  return entries;
}

/** The numbers of the ZIP64 extra field, or `undefined` if there is none. */
function zip64Values(extra: Uint8Array): number[] | undefined {
  const field = zip64Field(extra);
  if (field === undefined) return undefined;
  const values: number[] = [];
  for (let at = field.start + 4; at + 8 <= field.end && values.length < 3; at += 8) {
    const value = fieldsOf(extra).getBigUint64(at, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformedZip('a ZIP64 field is beyond any file');
    values.push(Number(value));
  }
  return values;
}

/** Where the ZIP64 field stands among the extra fields, its head of four bytes included. */
export function zip64Field(extra: Uint8Array): { readonly start: number; readonly end: number } | undefined {
  const fields = fieldsOf(extra);
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + fields.getUint16(at + 2, true);
    if (end > extra.length) return undefined;
    if (fields.getUint16(at, true) === zip64Extra) return { start: at, end };
    at = end;
  }
  return undefined;
}

/** A character for each of the 256 bytes. */
const byteDecoder = new TextDecoder('windows-1252');

/** UTF-8 where the flag says so, APPNOTE appendix D; else one character for each byte, which tells names apart. */
function nameOf(bytes: Uint8Array, flags: number, offset: number): string {
  if ((flags & utf8Flag) === 0) return byteDecoder.decode(bytes);
  try {
    return decodeUtf8(bytes);
  } catch {
    throw malformedZip('a file name in it is not valid UTF-8', offset);
  }
}
