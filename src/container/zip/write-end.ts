import { ByteWriter } from '../../bytes/index.ts';
import { elsewhere16, elsewhere32, fieldsOf, lengths, signatures, type ZipArchive } from './archive.ts';

/** Version 4.5 is needed for ZIP64, APPNOTE 4.4.3. */
export const zip64Version = 45;

/** The end records for a directory between two offsets of the new file; ZIP64 ones where they were or are needed. */
export function endOf(
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
