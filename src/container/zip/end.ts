import { maxima } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { elsewhere16, elsewhere32, fieldsOf, lengths, malformedZip, signatures } from './archive.ts';

/** What the end of an archive says of its directory. */
export interface ZipEnd {
  /** File offset of the directory. */
  readonly directoryOffset: number;
  readonly directoryLength: number;
  readonly count: number;
  readonly base: number;
  readonly zip64Record: Uint8Array;
  readonly endRecord: Uint8Array;
}

/** A number that may stand in the ZIP64 record instead. */
const pick = (narrow: number, elsewhere: number, wide: bigint | undefined): number =>
  narrow === elsewhere && wide !== undefined ? safe(wide) : narrow;

/** Beyond this no file reaches; the checks against the file's size refuse the rest. */
const safe = (value: bigint): number =>
  Number(value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : value);

/** Offset of the end record in `tail`, which reaches to the end of the file; -1 if it begins before it or is none. APPNOTE 4.3.16. */
export function endRecordAt(tail: Uint8Array): number {
  const fields = fieldsOf(tail);
  for (let at = tail.length - lengths.end; at >= 0; at--)
    // The comment must reach exactly to the end of the file, so that nobody can hide a second end record in it.
    if (
      fields.getUint32(at, true) === signatures.end &&
      at + lengths.end + fields.getUint16(at + 20, true) === tail.length
    )
      return at;
  return -1;
}

/**
 * Reads the end record at `at` of `tail`, the last bytes of a file of `size` bytes, and the ZIP64 record before it.
 *
 * @throws SealwrightError `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`
 */
export function parseEnd(tail: Uint8Array, at: number, size: number): ZipEnd {
  const tailOffset = size - tail.length;
  const end = fieldsOf(tail.subarray(at));
  const zip64At = zip64RecordAt(tail, at, tailOffset);
  const wide = zip64At < 0 ? undefined : fieldsOf(tail.subarray(zip64At));
  const uint64 = (offset: number): bigint | undefined => wide?.getBigUint64(offset, true);
  const disks = [end.getUint16(4, true), end.getUint16(6, true)];
  if (disks.some((disk) => disk !== 0 && disk !== elsewhere16) || uint64(16))
    throw malformedZip('it is one of several volumes');
  const count = pick(end.getUint16(10, true), elsewhere16, uint64(32));
  const onThisDisk = pick(end.getUint16(8, true), elsewhere16, uint64(24));
  const directoryLength = pick(end.getUint32(12, true), elsewhere32, uint64(40));
  const stated = pick(end.getUint32(16, true), elsewhere32, uint64(48));
  if (count !== onThisDisk) throw malformedZip('it is one of several volumes');
  for (const [value, maximum, what] of [
    [count, maxima.zipEntries, 'files'],
    [directoryLength, maxima.zipDirectoryBytes, 'bytes of directory'],
  ] as const)
    if (value > maximum)
      throw new SealwrightError(
        'LIMIT_EXCEEDED',
        `The ZIP archive claims ${value} ${what}; at most ${maximum} are accepted.`,
      );
  const directoryEnd = tailOffset + (zip64At < 0 ? at : zip64At);
  const directoryOffset = directoryEnd - directoryLength;
  if (directoryOffset < stated) throw malformedZip('its directory is not where it says', directoryEnd);
  return {
    directoryOffset,
    directoryLength,
    count,
    base: directoryOffset - stated,
    zip64Record: zip64At < 0 ? new Uint8Array(0) : tail.subarray(zip64At, at - lengths.zip64Locator),
    endRecord: tail.subarray(at),
  };
}

/** Offset in `tail` of the ZIP64 record that belongs to the end record at `at`, or -1. APPNOTE 4.3.14, 4.3.15. */
function zip64RecordAt(tail: Uint8Array, at: number, tailOffset: number): number {
  const locatorAt = at - lengths.zip64Locator;
  if (locatorAt < 0) return -1;
  const fields = fieldsOf(tail);
  if (fields.getUint32(locatorAt, true) !== signatures.zip64Locator) return -1;
  const stated = safe(fields.getBigUint64(locatorAt + 8, true)) - tailOffset;
  // What stands before the archive moves it; then it has the usual length.
  for (const recordAt of [stated, locatorAt - lengths.zip64End]) {
    if (recordAt < 0 || recordAt + lengths.zip64End > locatorAt) continue;
    if (fields.getUint32(recordAt, true) !== signatures.zip64End) continue;
    if (recordAt + 12 + safe(fields.getBigUint64(recordAt + 4, true)) === locatorAt) return recordAt;
  }
  throw malformedZip('its ZIP64 end record is not where it says', tailOffset + locatorAt);
}
