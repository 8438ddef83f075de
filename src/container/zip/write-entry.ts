import { deflateSync } from 'fflate';
import { ByteWriter, crc32, encodeUtf8 } from '../../bytes/index.ts';
import {
  elsewhere32,
  fieldsOf,
  lengths,
  malformedZip,
  signatures,
  type ZipEntry,
  zip64Extra,
} from './archive.ts';
import { utf8Flag, zip64Field } from './directory.ts';
import { zip64Version } from './write-end.ts';

/** 1 January 1980, the first day of the format, as Office writes it; APPNOTE 4.4.6. */
const firstDay = 0x0021;
/** Version 2.0 is needed for deflate, APPNOTE 4.4.3. */
const deflateVersion = 20;

/** A file as it stands in an archive. */
export interface PackedFile {
  readonly method: number;
  readonly crc32: number;
  readonly size: number;
  readonly packed: Uint8Array;
}

/** `content`, deflated where that makes it smaller. */
export function pack(content: Uint8Array): PackedFile {
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
export function localEntry(file: PackedFile, record: Uint8Array): Uint8Array {
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
export function newRecord(file: PackedFile, record: Uint8Array): Pick<ZipEntry, 'record'> {
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
export function blankRecord(name: string): Uint8Array {
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
export function movedRecord({ record }: Pick<ZipEntry, 'record'>, offset: number): Uint8Array {
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
  if (extraLength > 0xffff) throw malformedZip('a record of its directory has no room for a larger offset');
  const changed = writer.bytes(record.subarray(extraEnd)).toBytes();
  fieldsOf(changed).setUint16(30, extraLength, true);
  return changed;
}
