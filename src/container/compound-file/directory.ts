import { maxima } from '../../bytes/index.ts';
import type { CompoundEntry, CompoundStorage, CompoundStream } from './compound-file.ts';
import {
  entryClassId,
  entryLength,
  entryName,
  entrySize,
  entryTime,
  entryTypes,
  noEntry,
  type RawDirectory,
} from './directory-entry.ts';
import { compareUpperCaseNames, upperCaseName } from './names.ts';
import { beyondLimit, damaged } from './read-damage.ts';

/** Of a stream: the number of its entry, and where such numbers count. Kept out of sight. */
export const entryNumber = Symbol('entry');
export const places = Symbol('places');

/** What the contents of streams are found by. A stream that has it came from this directory. */
export interface StreamPlaces {
  /** The first sector, by the number of the entry. */
  readonly firstSectors: Uint32Array;
  /** File offset of an entry. */
  offsetOf(entry: number): number;
}

/** A stream that came from a directory. */
export interface PlacedStream extends CompoundStream {
  readonly [entryNumber]: number;
  readonly [places]: StreamPlaces;
}

interface OpenStorage {
  /** The number of its entry. */
  readonly storage: number;
  readonly depth: number;
  readonly entries: CompoundEntry[];
}

/**
 * Reads the tree of storages and streams, [MS-CFB] 2.6. Entries are found from the root on; unused ones may
 * hold anything. Throws `MALFORMED_CONTAINER` for what contradicts itself, `LIMIT_EXCEEDED`.
 */
export function readTree(directory: RawDirectory): { root: CompoundStorage; streams: StreamPlaces } {
  const { view, count, offsetOf } = directory;
  const typeOf = (entry: number): number => view.getUint8(entry * entryLength + 0x42);
  const number = (entry: number, field: number): number => view.getUint32(entry * entryLength + field, true);
  const noClassId = new Uint8Array(16);
  const streams: StreamPlaces = { firstSectors: new Uint32Array(count), offsetOf };
  const seen = new Uint8Array(count);
  let reached = 0;

  if (count === 0 || typeOf(0) !== entryTypes.root)
    throw damaged('the first entry of its directory is no root', offsetOf(0));
  seen[0] = 1;
  const pending: OpenStorage[] = [];

  function storage(entry: number, name: string, depth: number): CompoundStorage {
    if (depth > maxima.compoundDepth)
      throw beyondLimit('storages within storages', maxima.compoundDepth, offsetOf(entry));
    const entries: CompoundEntry[] = [];
    pending.push({ storage: entry, depth, entries });
    return Object.freeze({
      kind: 'storage',
      name,
      classId: entryClassId(directory, entry, noClassId),
      stateBits: number(entry, 0x60),
      created: entryTime(directory, entry, 0x64),
      modified: entryTime(directory, entry, 0x6c),
      entries,
    });
  }

  function stream(entry: number, name: string): PlacedStream {
    streams.firstSectors[entry] = number(entry, 0x74);
    return Object.freeze({
      kind: 'stream',
      name,
      size: entrySize(directory, entry),
      classId: entryClassId(directory, entry, noClassId),
      stateBits: number(entry, 0x60),
      created: entryTime(directory, entry, 0x64),
      modified: entryTime(directory, entry, 0x6c),
      [entryNumber]: entry,
      [places]: streams,
    });
  }

  function visit(entry: number, depth: number): CompoundEntry {
    const type = typeOf(entry);
    if (type !== entryTypes.stream && type !== entryTypes.storage)
      throw damaged(`entry ${entry} of its directory is of the unknown type ${type}`, offsetOf(entry));
    const name = entryName(directory, entry);
    return type === entryTypes.stream ? stream(entry, name) : storage(entry, name, depth + 1);
  }

  /** Marks an entry that another one refers to, `from`. */
  function reach(entry: number, from: number): number {
    if (entry >= count) throw damaged(`its directory refers to entry ${entry} of ${count}`, offsetOf(from));
    if (seen[entry] === 1) throw damaged(`its directory refers to entry ${entry} twice`, offsetOf(from));
    seen[entry] = 1;
    if (++reached > maxima.compoundEntries)
      throw beyondLimit('storages and streams', maxima.compoundEntries, offsetOf(from));
    return entry;
  }

  /** What is inside a storage, from left to right: a walk with a stack of its own, however deep the tree. */
  function collect({ storage, depth, entries }: OpenStorage): void {
    const waiting: number[] = [];
    let from = storage;
    for (let at = number(storage, 0x4c); at !== noEntry || waiting.length > 0; ) {
      for (; at !== noEntry; at = number(at, 0x44)) {
        waiting.push(reach(at, from));
        from = at;
      }
      const entry = waiting.pop() as number;
      entries.push(visit(entry, depth));
      from = entry;
      at = number(entry, 0x48);
    }
    sortByName(entries, offsetOf(storage));
    Object.freeze(entries);
  }

  // Some writers give the root no name; no path begins with it.
  const root = storage(0, 'Root Entry', 0);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) collect(next);
  return { root, streams };
}

/** Puts siblings into the order of the format; they are in it already unless a writer got it wrong. */
function sortByName(entries: CompoundEntry[], offset: number): void {
  const names = entries.map((entry) => upperCaseName(entry.name));
  if (names.every((name, i) => i === 0 || compareUpperCaseNames(names[i - 1] as string, name) < 0)) return;
  const sorted = entries.map((entry, i) => ({ entry, name: names[i] as string }));
  sorted.sort((a, b) => compareUpperCaseNames(a.name, b.name));
  sorted.forEach(({ entry, name }, i) => {
    if (sorted[i - 1]?.name === name) throw damaged('two entries of one storage have the same name', offset);
    entries[i] = entry;
  });
}

/** The entry of that name directly inside a storage, by halving. */
export function childNamed({ entries }: CompoundStorage, name: string): CompoundEntry | undefined {
  const wanted = upperCaseName(name);
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareUpperCaseNames(upperCaseName((entries[middle] as CompoundEntry).name), wanted);
    if (order === 0) return entries[middle];
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return undefined;
}
