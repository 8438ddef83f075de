import { maximumNameUnits } from './names.ts';
import { damaged } from './read-damage.ts';

/** Bytes of an entry of the directory, [MS-CFB] 2.6.1. */
export const entryLength = 128;
/** Stands for "no entry" in place of an entry's number. */
export const noEntry = 0xffff_ffff;

export const entryTypes = { storage: 1, stream: 2, root: 5 } as const;

/** Characters that no name may have, [MS-CFB] 2.6.1: / \ : ! */
const forbidden = new Set([0x2f, 0x5c, 0x3a, 0x21]);

/** The directory as stored: entries of 128 bytes, one after the other. */
export interface RawDirectory {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** How many entries, unused ones included. */
  readonly count: number;
  readonly version: 3 | 4;
  /** File offset of an entry, for messages. */
  offsetOf(entry: number): number;
}

/** The name of an entry, checked. */
export function entryName({ view, offsetOf }: RawDirectory, entry: number): string {
  const at = entry * entryLength;
  const length = view.getUint16(at + 0x40, true);
  const problem = (what: string): Error =>
    damaged(`the name of entry ${entry} of its directory ${what}`, offsetOf(entry));
  if (length % 2 !== 0 || length > 2 * (maximumNameUnits + 1))
    throw problem(`is said to take ${length} bytes`);
  const units = length / 2 - 1;
  if (units < 1) throw problem('is empty');
  let name = '';
  for (let i = 0; i < units; i++) {
    const unit = view.getUint16(at + 2 * i, true);
    if (unit === 0) throw problem('ends before its length');
    if (forbidden.has(unit)) throw problem('has one of the characters / \\ : !');
    name += String.fromCharCode(unit);
  }
  if (view.getUint16(at + 2 * units, true) !== 0) throw problem('does not end where its length says');
  return name;
}

/** The bytes of a stream; of the root, those of the mini stream. */
export function entrySize({ view, version, offsetOf }: RawDirectory, entry: number): number {
  const at = entry * entryLength;
  const low = view.getUint32(at + 0x78, true);
  // In version 3 old writers left garbage in the upper half, [MS-CFB] 2.6.1.
  const size = version === 3 ? low : view.getUint32(at + 0x7c, true) * 2 ** 32 + low;
  if (Number.isSafeInteger(size)) return size;
  throw damaged(`entry ${entry} of its directory is said to have ${size} bytes`, offsetOf(entry));
}

/** The CLSID of an entry, a copy; nearly none has one, and those share `none`. */
export function entryClassId({ bytes, view }: RawDirectory, entry: number, none: Uint8Array): Uint8Array {
  const at = entry * entryLength + 0x50;
  for (let i = 0; i < 16; i += 4) if (view.getUint32(at + i, true) !== 0) return bytes.slice(at, at + 16);
  return none;
}

/** One of the times of an entry, at `field` in it. */
export function entryTime({ view }: RawDirectory, entry: number, field: 0x64 | 0x6c): bigint {
  const at = entry * entryLength + field;
  // Most have none, and a directory may have a million entries: the one zero is enough for all.
  if (view.getUint32(at, true) === 0 && view.getUint32(at + 4, true) === 0) return 0n;
  return view.getBigUint64(at, true);
}
