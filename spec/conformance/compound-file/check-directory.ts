import type { CheckedHeader } from './check-header.ts';
import { orderOf } from './check-names.ts';
import { followChain, type SectorTable, sectorsOf } from './check-sectors.ts';
import { type CheckedFile, viewAt } from './checked-file.ts';

/** An entry of the directory, [MS-CFB] 2.6.1. */
export interface CheckedEntry {
  readonly id: number;
  readonly name: string;
  readonly type: number;
  readonly red: boolean;
  readonly left: number;
  readonly right: number;
  readonly child: number;
  readonly start: number;
  readonly size: number;
  /** Names from the root down to this one. */
  path: readonly string[];
}

const none = 0xffff_ffff;

/** Reads the directory and checks each entry by itself, then all trees of siblings. Only reachable streams are returned, with the root. */
export async function checkDirectory(
  file: CheckedFile,
  header: CheckedHeader,
  fat: SectorTable,
): Promise<{ readonly root: CheckedEntry | undefined; readonly streams: readonly CheckedEntry[] }> {
  const { sectorSize, version } = header;
  const runs = followChain(file, fat, header.firstDirectory, 'directory');
  if (version === 4 && header.directorySectors !== sectorsOf(runs))
    file.problem('directory-sector-count', sectorsOf(runs));
  const entries: (CheckedEntry | undefined)[] = [];
  for (const { first, count } of runs)
    for (let sector = first; sector < first + count; sector++) {
      const view = await viewAt(file, (sector + 1) * sectorSize, sectorSize);
      for (let at = 0; at < sectorSize; at += 128)
        entries.push(
          checkEntry(file, new DataView(view.buffer, view.byteOffset + at, 128), entries.length, version),
        );
    }
  if (version === 3 && entries.length > 0x00ff_ffff) file.problem('directory-maximum');
  const needless = sectorSize / 128;
  if (entries.slice(-needless).every((entry) => entry === undefined))
    file.problem('directory-sector-needless');
  const root = entries[0];
  if (root === undefined || root.type !== 5) {
    file.problem('root-entry');
    return { root: undefined, streams: [] };
  }
  if (root.name !== 'Root Entry') file.problem('root-name');
  if (root.left !== none || root.right !== none) file.problem('root-siblings');

  const reached = new Set<number>([0]);
  const streams: CheckedEntry[] = [];
  const storages = [root];
  for (const storage of storages) {
    for (const entry of checkSiblings(file, entries, storage, reached)) {
      entry.path = [...storage.path, entry.name];
      if (entry.type === 1) storages.push(entry);
      else if (entry.type === 2) streams.push(entry);
      else file.problem('type-inside-a-storage', entry.id);
    }
  }
  for (const [id, entry] of entries.entries())
    if (entry !== undefined && !reached.has(id)) file.problem('entry-in-no-storage', id);
  return { root, streams };
}

function checkEntry(
  file: CheckedFile,
  view: DataView,
  id: number,
  version: number,
): CheckedEntry | undefined {
  const must = (rule: string, holds: boolean): void => {
    if (!holds) file.problem(rule, `entry ${id}`);
  };
  const zero = (from: number, to: number): boolean => {
    for (let at = from; at < to; at++) if (view.getUint8(at) !== 0) return false;
    return true;
  };
  const type = view.getUint8(0x42);
  const [left, right, child] = [0x44, 0x48, 0x4c].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
  ];
  if (type === 0) {
    must('free-entry', zero(0, 0x44) && zero(0x50, 128) && left === none && right === none && child === none);
    return undefined;
  }
  const stream = type === 2;
  const start = view.getUint32(0x74, true);
  const high = view.getUint32(0x7c, true);
  const size = view.getUint32(0x78, true) + (version === 3 ? 0 : high * 2 ** 32);
  must('entry-type', type === 1 || type === 2 || type === 5);
  must('root-elsewhere', (type === 5) === (id === 0));
  must('colour', view.getUint8(0x43) <= 1);
  must('stream-child', !stream || child === none);
  must('stream-class-id', !stream || zero(0x50, 0x60));
  must('stream-state-bits', !stream || zero(0x60, 0x64));
  must('stream-times', !stream || zero(0x64, 0x74));
  must('root-created', type !== 5 || zero(0x64, 0x6c));
  must('storage-start', type !== 1 || start === 0);
  must('storage-size', type !== 1 || (size === 0 && high === 0));
  must('size-high-part', version !== 3 || high === 0);
  must('version-3-stream-size', version !== 3 || size <= 0x8000_0000);

  const length = view.getUint16(0x40, true);
  must('name-length', length >= 4 && length <= 64 && length % 2 === 0);
  const units = Math.max(0, Math.min(31, (length >> 1) - 1));
  const name = String.fromCharCode(
    ...Array.from({ length: units }, (_, unit) => view.getUint16(2 * unit, true)),
  );
  must('name-characters', !/[/\\:!\0]/.test(name));
  must('name-filling', zero(2 * units, 64));
  return { id, name, type, red: view.getUint8(0x43) === 0, left, right, child, start, size, path: [] };
}

/** The children of a storage in order. The tree must be sorted, red-black, and of equal black height, [MS-CFB] 2.6.4. */
function checkSiblings(
  file: CheckedFile,
  entries: readonly (CheckedEntry | undefined)[],
  storage: CheckedEntry,
  reached: Set<number>,
): readonly CheckedEntry[] {
  const sorted: CheckedEntry[] = [];
  const heights = new Set<number>();
  // A way down holds the nodes whose right half is still to come.
  const way: { readonly entry: CheckedEntry; readonly black: number }[] = [];
  let [id, black, parentRed] = [storage.child, 0, false];
  if (id !== none && entries[id]?.red) file.problem('tree-top-red', storage.id);
  for (;;) {
    while (id !== none) {
      const entry = entries[id];
      if (entry === undefined) {
        file.problem('link-to-no-entry', storage.id);
        break;
      }
      if (reached.has(id)) {
        file.problem('entry-twice', id);
        break;
      }
      reached.add(id);
      if (parentRed && entry.red) file.problem('red-below-red', id);
      black += entry.red ? 0 : 1;
      parentRed = entry.red;
      way.push({ entry, black });
      id = entry.left;
    }
    heights.add(black);
    const last = way.pop();
    if (last === undefined) break;
    const before = sorted.at(-1);
    const order = before === undefined ? -1 : orderOf(before.name, last.entry.name);
    if (order === 0) file.problem('name-twice', last.entry.id);
    else if (order > 0) file.problem('name-order', last.entry.id);
    sorted.push(last.entry);
    [id, black, parentRed] = [last.entry.right, last.black, last.entry.red];
  }
  if (heights.size > 1) file.problem('black-height', storage.id);
  return sorted;
}
