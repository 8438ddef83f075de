import { deflateSync } from 'fflate';
import {
  type ByteSource,
  ByteWriter,
  concatenatedSource,
  encodeUtf8,
  type SourcePart,
} from '../../bytes/index.ts';
import {
  elsewhere16,
  elsewhere32,
  fieldsOf,
  lengths,
  signatures,
  type ZipArchive,
  type ZipEntry,
  zip64Extra,
} from './archive.ts';
import { crc32 } from './crc32.ts';
import { utf8Flag, zip64Field } from './directory.ts';

/** 1 January 1980, the first day of the format, as Office writes it; APPNOTE 4.4.6. */
const firstDay = 0x0021;
/** Version 2.0 is needed for deflate, 4.5 for ZIP64; APPNOTE 4.4.3. */
const deflateVersion = 20;
const zip64Version = 45;

/**
 * An archive after changes of whole entries. Replaced ones keep their place, new ones come last; of every
 * other entry each byte stays, and of its record in the directory all but the offset. Nothing is copied: the
 * result reads from the archive's source. The same changes give the same bytes.
 *
 * @param changes content by name; `undefined` takes the entry out
 *
 * @example
 * ```ts
 * const edited = editZip(archive, new Map([['docProps/custom.xml', bytes]]));
 * ```
 */
export function editZip(
  archive: ZipArchive,
  changes: ReadonlyMap<string, Uint8Array | undefined>,
): ByteSource {
  const { source, entries, layout } = archive;
  const parts: SourcePart[] = [];
  let written = 0;
  let copied = 0;
  const write = (bytes: Uint8Array): number => {
    parts.push(bytes);
    written += bytes.length;
    return written - bytes.length;
  };
  /** Passes on what stands in the source up to `limit`. */
  const copyTo = (limit: number): void => {
    if (limit > copied) parts.push(source.slice(copied, limit - copied));
    written += Math.max(0, limit - copied);
    copied = limit;
  };
  const records = new Map<string, Uint8Array>();
  const inFileOrder = [...entries.values()].sort((a, b) => a.offset - b.offset);
  for (const entry of inFileOrder) {
    if (!changes.has(entry.name)) {
      const moved = entry.offset - copied + written;
      copyTo(entry.limit);
      records.set(entry.name, movedRecord(entry, moved - layout.base));
      continue;
    }
    copyTo(entry.offset);
    copied = entry.limit;
    const content = changes.get(entry.name);
    if (content === undefined) continue;
    const file = pack(content);
    const offset = write(localEntry(file, entry.record));
    records.set(entry.name, movedRecord(newRecord(file, entry.record), offset - layout.base));
  }
  copyTo(layout.directoryOffset);
  for (const [name, content] of changes) {
    if (content === undefined || entries.has(name)) continue;
    const file = pack(content);
    const blank = blankRecord(name);
    const offset = write(localEntry(file, blank));
    records.set(name, movedRecord(newRecord(file, blank), offset - layout.base));
  }
  // In the order of the old directory; new ones stand at its end.
  const order = [...entries.keys(), ...records.keys()];
  const directoryOffset = written;
  const names = new Set(order.filter((name) => records.has(name)));
  for (const name of names) write(records.get(name) as Uint8Array);
  for (const bytes of endOf(archive, names.size, directoryOffset, written)) write(bytes);
  return concatenatedSource(parts);
}

interface PackedFile {
  readonly method: number;
  readonly crc32: number;
  readonly size: number;
  readonly packed: Uint8Array;
}

function pack(content: Uint8Array): PackedFile {
  const deflated = deflateSync(content, { level: 9 });
  const smaller = deflated.length < content.length;
  return {
    method: smaller ? 8 : 0,
    crc32: crc32(content),
    size: content.length,
    packed: smaller ? deflated : content,
  };
}

const nameIn = (record: Uint8Array): Uint8Array =>
  record.subarray(lengths.directory, lengths.directory + fieldsOf(record).getUint16(28, true));

/** Local header and data of a file whose record in the directory is, or was, `record`. */
function localEntry(file: PackedFile, record: Uint8Array): Uint8Array {
  const fields = fieldsOf(record);
  const name = nameIn(record);
  return new ByteWriter()
    .uint32(signatures.local)
    .uint16(deflateVersion)
    .uint16(fields.getUint16(8, true) & utf8Flag)
    .uint16(file.method)
    .uint16(fields.getUint16(12, true))
    .uint16(fields.getUint16(14, true))
    .uint32(file.crc32)
    .uint32(file.packed.length)
    .uint32(file.size)
    .uint16(name.length)
    .uint16(0)
    .bytes(name)
    .bytes(file.packed)
    .toBytes();
}

/** `record` for new content: times, attributes, name and comment stay. */
function newRecord(file: PackedFile, record: Uint8Array): Pick<ZipEntry, 'record'> {
  const changed = withExtra(record, (extra) => {
    const field = zip64Field(extra);
    return field === undefined ? [extra] : [extra.subarray(0, field.start), extra.subarray(field.end)];
  });
  const fields = fieldsOf(changed);
  fields.setUint16(6, deflateVersion, true);
  fields.setUint16(8, fields.getUint16(8, true) & utf8Flag, true);
  fields.setUint16(10, file.method, true);
  fields.setUint32(16, file.crc32, true);
  fields.setUint32(20, file.packed.length, true);
  fields.setUint32(24, file.size, true);
  fields.setUint16(34, 0, true);
  fields.setUint32(42, 0, true);
  return { record: changed };
}

/** The record of a file that was not there before. */
function blankRecord(name: string): Uint8Array {
  const bytes = encodeUtf8(name);
  const record = new Uint8Array(lengths.directory + bytes.length);
  const fields = fieldsOf(record);
  fields.setUint32(0, signatures.directory, true);
  fields.setUint16(4, deflateVersion, true);
  fields.setUint16(8, bytes.length === name.length ? 0 : utf8Flag, true);
  fields.setUint16(14, firstDay, true);
  fields.setUint16(28, bytes.length, true);
  record.set(bytes, lengths.directory);
  return record;
}

/** A record with another offset of its entry, in the field or in the ZIP64 one, wherever it stood or fits. */
function movedRecord({ record }: Pick<ZipEntry, 'record'>, offset: number): Uint8Array {
  const old = fieldsOf(record);
  const nameEnd = lengths.directory + old.getUint16(28, true);
  const field = zip64Field(record.subarray(nameEnd, nameEnd + old.getUint16(30, true)));
  // The offset stands behind the sizes, and only where its own field is all ones, APPNOTE 4.5.3.
  const before = [24, 20].filter((at) => old.getUint32(at, true) === elsewhere32).length * 8;
  if (old.getUint32(42, true) === elsewhere32 && field !== undefined) {
    const changed = record.slice();
    fieldsOf(changed).setBigUint64(nameEnd + field.start + 4 + before, BigInt(offset), true);
    return changed;
  }
  if (offset < elsewhere32) {
    const changed = record.slice();
    fieldsOf(changed).setUint32(42, offset, true);
    return changed;
  }
  const wide = new Uint8Array(8);
  fieldsOf(wide).setBigUint64(0, BigInt(offset), true);
  const changed = withExtra(record, (extra) => {
    if (field === undefined)
      return [new ByteWriter().uint16(zip64Extra).uint16(8).bytes(wide).toBytes(), extra];
    const head = extra.slice(field.start, field.start + 4);
    const sizes = extra.subarray(field.start + 4, field.start + 4 + before);
    const rest = extra.subarray(field.start + 4 + before, field.end);
    fieldsOf(head).setUint16(2, sizes.length + wide.length + rest.length, true);
    return [extra.subarray(0, field.start), head, sizes, wide, rest, extra.subarray(field.end)];
  });
  const fields = fieldsOf(changed);
  fields.setUint32(42, elsewhere32, true);
  fields.setUint16(6, Math.max(zip64Version, fields.getUint16(6, true)), true);
  return changed;
}

/** A copy of a record of the directory with other extra fields. */
function withExtra(record: Uint8Array, change: (extra: Uint8Array) => readonly Uint8Array[]): Uint8Array {
  const nameEnd = lengths.directory + fieldsOf(record).getUint16(28, true);
  const extraEnd = nameEnd + fieldsOf(record).getUint16(30, true);
  const writer = new ByteWriter().bytes(record.subarray(0, nameEnd));
  for (const bytes of change(record.subarray(nameEnd, extraEnd))) writer.bytes(bytes);
  const extraLength = writer.length - nameEnd;
  const changed = writer.bytes(record.subarray(extraEnd)).toBytes();
  fieldsOf(changed).setUint16(30, extraLength, true);
  return changed;
}

/** The end records for a directory between two offsets of the new file; ZIP64 ones where they were or are needed. */
function endOf(
  { layout: { base, zip64Record, endRecord } }: ZipArchive,
  count: number,
  directoryOffset: number,
  directoryEnd: number,
): readonly Uint8Array[] {
  const length = directoryEnd - directoryOffset;
  const offset = directoryOffset - base;
  const end = endRecord.slice();
  const fields = fieldsOf(end);
  const isWide = zip64Record.length > 0;
  for (const at of [8, 10])
    if (!isWide || fields.getUint16(at, true) !== elsewhere16)
      fields.setUint16(at, Math.min(count, elsewhere16), true);
  for (const [at, value] of [
    [12, length],
    [16, offset],
  ] as const)
    if (!isWide || fields.getUint32(at, true) !== elsewhere32)
      fields.setUint32(at, Math.min(value, elsewhere32), true);
  const needed = count >= elsewhere16 || length >= elsewhere32 || offset >= elsewhere32;
  if (!isWide && !needed) return [end];
  const record = isWide ? zip64Record.slice() : newZip64Record();
  const wide = fieldsOf(record);
  wide.setBigUint64(24, BigInt(count), true);
  wide.setBigUint64(32, BigInt(count), true);
  wide.setBigUint64(40, BigInt(length), true);
  wide.setBigUint64(48, BigInt(offset), true);
  const locator = new ByteWriter()
    .uint32(signatures.zip64Locator)
    .uint32(0)
    .uint64(BigInt(directoryEnd - base))
    .uint32(1)
    .toBytes();
  return [record, locator, end];
}

function newZip64Record(): Uint8Array {
  const record = new Uint8Array(lengths.zip64End);
  const fields = fieldsOf(record);
  fields.setUint32(0, signatures.zip64End, true);
  fields.setBigUint64(4, BigInt(lengths.zip64End - 12), true);
  fields.setUint16(12, zip64Version, true);
  fields.setUint16(14, zip64Version, true);
  return record;
}
