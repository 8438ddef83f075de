import { type ByteSource, crc32, equalBytes, type WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { fieldsOf, lengths, malformedZip, signatures, type ZipArchive, type ZipEntry } from './archive.ts';
import { parseDirectory } from './directory.ts';
import { endRecordAt, parseEnd } from './end.ts';
import { inflateExactly } from './inflate.ts';

/** Options of {@link readZip}. */
export interface ReadZipOptions extends WaitOptions {
  /** The first bytes of the file, if they were read already; parts that lie there are not read again. */
  readonly head?: Uint8Array | undefined;
}

/** The end of a file that is read first; it holds the directory of an ordinary document. */
const tailLength = 16 * 1024;
/** An end record with the longest comment, and ZIP64 records before it. */
const longestEnd = lengths.end + 0xffff + lengths.zip64Locator + 4096;
/** Bytes that local headers may hold beyond what the directory tells; some writers leave room there. */
const slackLength = 1024;
/** Flag of sizes that follow the data, APPNOTE 4.4.4. */
const descriptorFlag = 0x0008;

/**
 * Reads the directory of a ZIP archive: usually one read of 16 KiB at the end. Archives that contradict
 * themselves are refused: entries that overlap, wrong offsets and counts, names that occur twice,
 * volumes (spec/labels.md, "ZIP packages").
 *
 * @param source a seekable source of known size
 * @throws SealwrightError `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`; `UNSUPPORTED_FORMAT` for an archive with a password
 *
 * @example
 * ```ts
 * const archive = await readZip(source);
 * const types = archive.entries.get('[Content_Types].xml');
 * if (types) await archive.read(types, 1024 * 1024);
 * ```
 */
export async function readZip(source: ByteSource, options: ReadZipOptions = {}): Promise<ZipArchive> {
  const { size } = source;
  if (size === undefined || !source.seekable) throw new TypeError('A ZIP archive takes a seekable source.');
  const { head = new Uint8Array(0), signal } = options;
  const bytesAt = async (offset: number, length: number): Promise<Uint8Array> => {
    // Reads may give views that the next read overwrites.
    const bytes = new Uint8Array(await source.read(offset, length, { signal }));
    if (bytes.length < length) throw malformedZip('it ends early', offset + bytes.length);
    return bytes;
  };
  let tail = await bytesAt(Math.max(0, size - tailLength), Math.min(size, tailLength));
  let at = endRecordAt(tail);
  // A comment, or the ZIP64 record, may reach further back.
  if (at < lengths.zip64Locator + lengths.zip64End && tail.length < size) {
    tail = await bytesAt(Math.max(0, size - longestEnd), Math.min(size, longestEnd));
    at = endRecordAt(tail);
  }
  if (at < 0) throw malformedZip('it has no end record, or bytes follow it', size);
  const end = parseEnd(tail, at, size);
  if (end.directoryOffset < 0) throw malformedZip('its directory is larger than the file');
  const tailOffset = size - tail.length;
  const before = Math.max(0, tailOffset - end.directoryOffset);
  const directory = new Uint8Array(end.directoryLength);
  if (before > 0) directory.set(await bytesAt(end.directoryOffset, Math.min(before, end.directoryLength)));
  const inTail = Math.max(0, end.directoryOffset - tailOffset);
  directory.set(tail.subarray(inTail, Math.max(inTail, inTail + end.directoryLength - before)), before);
  const entries = parseDirectory(directory, end);

  /** Bytes of the file out of what was read already, where they are there. */
  const recall = (offset: number, length: number): Uint8Array | undefined => {
    if (offset + length <= head.length) return head.subarray(offset, offset + length);
    if (offset >= tailOffset) return tail.subarray(offset - tailOffset, offset - tailOffset + length);
    return undefined;
  };

  const read = async (entry: ZipEntry, maximum: number, readOptions?: WaitOptions): Promise<Uint8Array> => {
    const wanted = Math.max(entry.size, entry.compressedSize - slackLength);
    if (wanted > maximum)
      throw new SealwrightError(
        'LIMIT_EXCEEDED',
        `A file in the ZIP archive has ${wanted} bytes; at most ${maximum} are accepted of its kind.`,
        { offset: entry.offset },
      );
    const nameLength = fieldsOf(entry.record).getUint16(28, true);
    const span = entry.limit - entry.offset;
    const guess = Math.min(span, lengths.local + nameLength + entry.compressedSize + slackLength);
    const at = async (length: number): Promise<Uint8Array> =>
      recall(entry.offset, length) ??
      new Uint8Array(await source.read(entry.offset, length, readOptions ?? { signal }));
    const exact = lengths.local + nameLength + entry.compressedSize;
    let bytes = recall(entry.offset, guess) ?? recall(entry.offset, exact) ?? (await at(guess));
    const start = localDataStart(bytes, entry);
    if (start + entry.compressedSize > span) throw malformedZip('two of its files overlap', entry.offset);
    if (start + entry.compressedSize > bytes.length) bytes = await at(start + entry.compressedSize);
    const packed = bytes.subarray(start, start + entry.compressedSize);
    if (packed.length < entry.compressedSize) throw malformedZip('it ends early', entry.offset);
    return unpacked(packed, entry);
  };
  return Object.freeze({
    source,
    entries,
    layout: Object.freeze({
      base: end.base,
      directoryOffset: end.directoryOffset,
      zip64Record: end.zip64Record,
      endRecord: end.endRecord,
    }),
    read,
  });
}

/** Bytes before the data of an entry; its local header must say what the directory says, APPNOTE 4.3.7. */
function localDataStart(bytes: Uint8Array, entry: ZipEntry): number {
  if (bytes.length < lengths.local) throw malformedZip('it ends early', entry.offset);
  const local = fieldsOf(bytes);
  const record = fieldsOf(entry.record);
  const flags = local.getUint16(6, true);
  const nameLength = record.getUint16(28, true);
  const name = entry.record.subarray(lengths.directory, lengths.directory + nameLength);
  const same =
    local.getUint32(0, true) === signatures.local &&
    local.getUint16(8, true) === entry.method &&
    local.getUint16(26, true) === nameLength &&
    equalBytes(bytes.subarray(lengths.local, lengths.local + nameLength), name) &&
    // With sizes behind the data these fields are zero, or whatever the writer thought of.
    ((flags & descriptorFlag) !== 0 || local.getUint32(14, true) === entry.crc32);
  if (!same) throw malformedZip('a file in it does not begin as the directory says', entry.offset);
  return lengths.local + nameLength + local.getUint16(28, true);
}

function unpacked(packed: Uint8Array, entry: ZipEntry): Uint8Array {
  let bytes: Uint8Array;
  if (entry.method === 8) bytes = inflateExactly(packed, entry.size);
  else if (entry.method === 0 && entry.compressedSize === entry.size) bytes = packed.slice();
  else if (entry.method === 0) throw malformedZip('a stored file in it has two sizes', entry.offset);
  else
    throw new SealwrightError(
      'UNSUPPORTED_FORMAT',
      `A file in the ZIP archive is compressed with method ${entry.method}, which documents do not use; only deflate is read.`,
      { offset: entry.offset },
    );
  if (crc32(bytes) !== entry.crc32) throw malformedZip('the checksum of a file in it is wrong', entry.offset);
  return bytes;
}

/** Whether a file begins like a ZIP archive that has a file in it. */
export const isZip = (head: Uint8Array): boolean =>
  head.length >= 4 && fieldsOf(head).getUint32(0, true) === signatures.local;
