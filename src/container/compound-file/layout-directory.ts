import { maxima } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { compareUpperCaseNames, nameProblem, upperCaseName } from './names.ts';
import type { NewStorage, NewStream } from './new-compound-file.ts';
import { noEntry, redBlackTree } from './red-black.ts';

/** The root of a new compound file. What is left out is zero; the format gives it neither a name nor a time of creation. */
export interface NewRoot {
  readonly classId?: Uint8Array | undefined;
  readonly stateBits?: number | undefined;
  readonly modified?: bigint | undefined;
  readonly entries: readonly (NewStorage | NewStream)[];
}

/** An entry with its links. Its place in the list is its stream ID. */
export interface LinkedEntry {
  readonly item: NewStorage | NewStream;
  readonly left: number;
  readonly right: number;
  readonly red: boolean;
  child: number;
}

const rootName = 'Root Entry';
const entryBytes = 128;

/**
 * All entries, the root first, then storage by storage what is in them in the order of the format. So the
 * same content has the same IDs in whatever order it is given ([MS-CFB] 2.6.4).
 *
 * Throws `INVALID_ARGUMENT`, `LIMIT_EXCEEDED`.
 */
export function linkEntries(root: NewRoot): readonly LinkedEntry[] {
  const top: NewStorage = { ...root, kind: 'storage', name: rootName, created: 0n };
  const entries: LinkedEntry[] = [{ item: top, left: noEntry, right: noEntry, red: false, child: noEntry }];
  const depths = [0];
  for (let id = 0; id < entries.length; id++) {
    const entry = entries[id] as LinkedEntry;
    const { item } = entry;
    if (item.kind === 'stream') continue;
    checkStorage(item);
    const depth = (depths[id] as number) + 1;
    const sorted = sortedEntries(item.entries);
    if (sorted.length > 0 && depth > maxima.compoundDepth)
      throw tooMuch(`storages within storages, ${maxima.compoundDepth} deep`);
    const first = entries.length;
    if (first + sorted.length > maxima.compoundEntries)
      throw tooMuch(`${maxima.compoundEntries} storages and streams`);
    const tree = redBlackTree(sorted.length);
    const idOf = (index: number | undefined): number =>
      index === undefined || index === noEntry ? noEntry : first + index;
    entry.child = idOf(tree.top);
    for (const [index, child] of sorted.entries()) {
      const [left, right] = [idOf(tree.left[index]), idOf(tree.right[index])];
      entries.push({ item: child, left, right, red: tree.red[index] === 1, child: noEntry });
      depths.push(depth);
    }
  }
  return entries;
}

/**
 * The directory as it is in the file, filled up with free entries to whole sectors, [MS-CFB] 2.6.
 *
 * @param placeOf start sector and bytes of the root's mini stream (ID 0) and of each stream
 */
export function serializeDirectory(
  entries: readonly LinkedEntry[],
  sectorSize: number,
  placeOf: (id: number) => { readonly start: number; readonly size: number },
): Uint8Array {
  const bytes = new Uint8Array(directorySectors(entries.length, sectorSize) * sectorSize);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += entryBytes) {
    const entry = entries[at / entryBytes];
    view.setUint32(at + 0x44, entry?.left ?? noEntry, true);
    view.setUint32(at + 0x48, entry?.right ?? noEntry, true);
    view.setUint32(at + 0x4c, entry?.child ?? noEntry, true);
    if (entry === undefined) continue;
    const { item } = entry;
    for (let unit = 0; unit < item.name.length; unit++)
      view.setUint16(at + 2 * unit, item.name.charCodeAt(unit), true);
    view.setUint16(at + 0x40, 2 * (item.name.length + 1), true);
    view.setUint8(at + 0x42, at === 0 ? 5 : item.kind === 'storage' ? 1 : 2);
    view.setUint8(at + 0x43, entry.red ? 0 : 1);
    if (item.kind === 'storage') {
      bytes.set(item.classId ?? new Uint8Array(16), at + 0x50);
      view.setUint32(at + 0x60, item.stateBits ?? 0, true);
      view.setBigUint64(at + 0x64, item.created ?? 0n, true);
      view.setBigUint64(at + 0x6c, item.modified ?? 0n, true);
    }
    if (item.kind === 'storage' && at > 0) continue;
    const { start, size } = placeOf(at / entryBytes);
    view.setUint32(at + 0x74, start, true);
    view.setBigUint64(at + 0x78, BigInt(size), true);
  }
  return bytes;
}

export function directorySectors(entries: number, sectorSize: number): number {
  return Math.ceil((entries * entryBytes) / sectorSize);
}

function sortedEntries(entries: readonly (NewStorage | NewStream)[]): readonly (NewStorage | NewStream)[] {
  if (entries.length > maxima.compoundEntries)
    throw tooMuch(`${maxima.compoundEntries} storages and streams`);
  const named = entries.map((item) => {
    const problem = nameProblem(item.name);
    if (problem !== undefined)
      throw invalid(`A name cannot stand in a compound file: ${problem}. Use another name.`);
    return { item, upper: upperCaseName(item.name) };
  });
  named.sort((a, b) => compareUpperCaseNames(a.upper, b.upper));
  for (let index = 1; index < named.length; index++)
    if (named[index - 1]?.upper === named[index]?.upper)
      throw invalid(
        'A storage was given two entries of the same name; upper and lower case are the same there. Rename one.',
      );
  return named.map(({ item }) => item);
}

function checkStorage(storage: NewStorage): void {
  const { classId, stateBits = 0, created = 0n, modified = 0n } = storage;
  if (classId !== undefined && classId.length !== 16)
    throw invalid(`A class id has 16 bytes; one of ${classId.length} was given.`);
  if (!Number.isInteger(stateBits) || stateBits < 0 || stateBits > 0xffff_ffff)
    throw invalid('The state bits of a storage are a whole number of 32 bits without sign.');
  for (const time of [created, modified])
    if (time < 0n || time > 0xffff_ffff_ffff_ffffn)
      throw invalid('Times of a storage are counts of 100 ns since 1601, in 64 bits without sign.');
}

function invalid(message: string): SealwrightError {
  return new SealwrightError('INVALID_ARGUMENT', message);
}

function tooMuch(what: string): SealwrightError {
  return new SealwrightError('LIMIT_EXCEEDED', `A compound file holds at most ${what}. Put less into it.`);
}
