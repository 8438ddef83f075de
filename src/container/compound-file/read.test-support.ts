/**
 * Compound files for tests, laid out by other code than what the product writes with: sectors in any order,
 * sibling trees of any shape, and the offsets of everything, so that a test can spoil it.
 */

/** A stream with bytes, or a storage with entries. */
export interface TestEntry {
  readonly name: string;
  readonly content?: Uint8Array;
  readonly entries?: readonly TestEntry[];
}

export interface TestFileOptions {
  readonly version?: 3 | 4;
  /** Gives the order of `count` sectors in the file: where each of them goes. */
  readonly order?: (count: number) => readonly number[];
  /** The same for mini sectors. */
  readonly miniOrder?: (count: number) => readonly number[];
  /** A number from 0 up to `count`, for the shape of the trees; halving by default. */
  readonly pick?: (count: number) => number;
}

/** The file, and where things are in it. */
export interface TestFile {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly sectorSize: number;
  /** Sectors of the structures and of the streams in normal sectors, in the order of their chains. */
  readonly fat: readonly number[];
  readonly difat: readonly number[];
  readonly directory: readonly number[];
  readonly miniFat: readonly number[];
  readonly miniStream: readonly number[];
  readonly chains: ReadonlyMap<string, readonly number[]>;
  /** File offset of a sector. */
  sectorAt(sector: number): number;
  /** File offset of the FAT's entry for a sector. */
  fatAt(sector: number): number;
  miniFatAt(miniSector: number): number;
  /** File offset of a directory entry by its path, `''` for the root. */
  entryAt(path: string): number;
  idOf(path: string): number;
}

const none = 0xffffffff;
const end = 0xfffffffe;

interface Row {
  readonly path: string;
  readonly name: string;
  readonly type: number;
  readonly content: Uint8Array;
  left: number;
  right: number;
  child: number;
  start: number;
}

const inOrder = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

export function testFile(entries: readonly TestEntry[], options: TestFileOptions = {}): TestFile {
  const { version = 3, order = inOrder, miniOrder = inOrder, pick = (count) => count >> 1 } = options;
  const sectorSize = version === 3 ? 512 : 4096;
  const numbers = sectorSize / 4;
  const rows = rowsOf(entries, pick);

  const small = rows.filter(({ content }) => content.length > 0 && content.length < 4096);
  const large = rows.filter(({ content }) => content.length >= 4096);
  const miniCounts = small.map(({ content }) => Math.ceil(content.length / 64));
  const miniCount = miniCounts.reduce((sum, count) => sum + count, 0);
  const minis = miniOrder(miniCount);
  const sectorsFor = (bytes: number): number => Math.ceil(bytes / sectorSize);
  const contents = [
    sectorsFor(rows.length * 128),
    sectorsFor(miniCount * 4),
    sectorsFor(miniCount * 64),
    ...large.map(({ content }) => sectorsFor(content.length)),
  ];
  const contentSectors = contents.reduce((sum, count) => sum + count, 0);
  let [fatCount, difatCount] = [1, 0];
  for (;;) {
    const wanted = Math.ceil((contentSectors + fatCount + difatCount) / numbers);
    const lists = wanted <= 109 ? 0 : Math.ceil((wanted - 109) / (numbers - 1));
    if (wanted === fatCount && lists === difatCount) break;
    [fatCount, difatCount] = [wanted, lists];
  }

  const total = contentSectors + fatCount + difatCount;
  const places = order(total);
  let taken = 0;
  const take = (count: number): number[] => {
    taken += count;
    return places.slice(taken - count, taken);
  };
  const [fat, difat] = [take(fatCount), take(difatCount)];
  const [directory, miniFat, miniStream, ...streams] = contents.map(take) as number[][];

  const bytes = new Uint8Array((total + 1) * sectorSize);
  const view = new DataView(bytes.buffer);
  const sectorAt = (sector: number): number => (sector + 1) * sectorSize;
  const inChain = (chain: readonly number[], at: number): number =>
    sectorAt(chain[Math.floor(at / sectorSize)] as number) + (at % sectorSize);
  const fatAt = (sector: number): number => inChain(fat, sector * 4);
  const miniFatAt = (sector: number): number => inChain(miniFat as number[], sector * 4);
  const entryAtId = (id: number): number => inChain(directory as number[], id * 128);

  for (const sector of fat) bytes.fill(0xff, sectorAt(sector), sectorAt(sector) + sectorSize);
  for (const sector of miniFat as number[]) bytes.fill(0xff, sectorAt(sector), sectorAt(sector) + sectorSize);
  const link = (chain: readonly number[], at: (sector: number) => number): void =>
    chain.forEach((sector, i) => {
      view.setUint32(at(sector), chain[i + 1] ?? end, true);
    });
  for (const sector of fat) view.setUint32(fatAt(sector), 0xfffffffd, true);
  for (const sector of difat) view.setUint32(fatAt(sector), 0xfffffffc, true);
  for (const chain of [directory, miniFat, miniStream, ...streams]) link(chain as number[], fatAt);

  const write = (
    content: Uint8Array,
    chain: readonly number[],
    size: number,
    at: (n: number) => number,
  ): void =>
    chain.forEach((sector, i) => {
      bytes.set(content.subarray(i * size, (i + 1) * size), at(sector));
    });
  const chains = new Map<string, readonly number[]>();
  large.forEach((row, i) => {
    const chain = streams[i] as number[];
    row.start = chain[0] as number;
    chains.set(row.path, chain);
    write(row.content, chain, sectorSize, sectorAt);
  });
  let miniTaken = 0;
  small.forEach((row, i) => {
    const chain = minis.slice(miniTaken, miniTaken + (miniCounts[i] as number));
    miniTaken += chain.length;
    row.start = chain[0] as number;
    chains.set(row.path, chain);
    link(chain, miniFatAt);
    write(row.content, chain, 64, (mini) => inChain(miniStream as number[], mini * 64));
  });
  (rows[0] as Row).start = miniStream?.[0] ?? end;

  for (let id = 0; id < ((directory as number[]).length * sectorSize) / 128; id++)
    writeRow(view, entryAtId(id), rows[id], id === 0 ? miniCount * 64 : undefined);
  writeHeader();

  function writeHeader(): void {
    bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    view.setUint16(0x18, 0x3e, true);
    view.setUint16(0x1a, version, true);
    view.setUint16(0x1c, 0xfffe, true);
    view.setUint16(0x1e, version === 3 ? 9 : 12, true);
    view.setUint16(0x20, 6, true);
    view.setUint32(0x28, version === 3 ? 0 : (directory as number[]).length, true);
    view.setUint32(0x2c, fat.length, true);
    view.setUint32(0x30, directory?.[0] as number, true);
    view.setUint32(0x38, 4096, true);
    view.setUint32(0x3c, miniFat?.[0] ?? end, true);
    view.setUint32(0x40, (miniFat as number[]).length, true);
    view.setUint32(0x44, difat[0] ?? end, true);
    view.setUint32(0x48, difat.length, true);
    for (let i = 0; i < 109; i++) view.setUint32(0x4c + 4 * i, fat[i] ?? none, true);
    difat.forEach((sector, list) => {
      for (let i = 0; i < numbers - 1; i++)
        view.setUint32(sectorAt(sector) + 4 * i, fat[109 + list * (numbers - 1) + i] ?? none, true);
      view.setUint32(sectorAt(sector) + 4 * (numbers - 1), difat[list + 1] ?? end, true);
    });
  }

  const idOf = (path: string): number => rows.findIndex((row) => row.path === path);
  return {
    bytes,
    view,
    sectorSize,
    fat,
    difat,
    directory: directory as number[],
    miniFat: miniFat as number[],
    miniStream: miniStream as number[],
    chains,
    sectorAt,
    fatAt,
    miniFatAt,
    entryAt: (path) => entryAtId(idOf(path)),
    idOf,
  };
}

function rowsOf(entries: readonly TestEntry[], pick: (count: number) => number): Row[] {
  const empty = new Uint8Array(0);
  const row = (path: string, name: string, type: number, content: Uint8Array = empty): Row => ({
    path,
    name,
    type,
    content,
    left: none,
    right: none,
    child: none,
    start: type === 1 ? 0 : end,
  });
  const rows = [row('', 'Root Entry', 5)];

  function tree(ids: readonly number[]): number {
    if (ids.length === 0) return none;
    const top = pick(ids.length);
    const id = ids[top] as number;
    (rows[id] as Row).left = tree(ids.slice(0, top));
    (rows[id] as Row).right = tree(ids.slice(top + 1));
    return id;
  }

  function add(parent: number, children: readonly TestEntry[], prefix: string): void {
    const ids = children.map(({ name, content, entries: inside }) => {
      const path = prefix + name;
      const id = rows.push(row(path, name, inside === undefined ? 2 : 1, content)) - 1;
      if (inside !== undefined) add(id, inside, `${path}/`);
      return id;
    });
    (rows[parent] as Row).child = tree(ids);
  }

  add(0, entries, '');
  return rows;
}

function writeRow(view: DataView, at: number, row: Row | undefined, size = row?.content.length ?? 0): void {
  const { name = '', type = 0, left = none, right = none, child = none, start = 0 } = row ?? {};
  for (let i = 0; i < name.length; i++) view.setUint16(at + 2 * i, name.charCodeAt(i), true);
  view.setUint16(at + 0x40, row === undefined ? 0 : 2 * name.length + 2, true);
  view.setUint8(at + 0x42, type);
  view.setUint8(at + 0x43, 1);
  view.setUint32(at + 0x44, left, true);
  view.setUint32(at + 0x48, right, true);
  view.setUint32(at + 0x4c, child, true);
  view.setUint32(at + 0x74, start, true);
  view.setUint32(at + 0x78, size, true);
}

/** Bytes that show where they belong. */
export function bytesOf(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8) * 7 + seed) & 0xff;
  return bytes;
}
