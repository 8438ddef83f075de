import { type ByteSource, decodeUtf16le, maxima, type WaitOptions } from '../../bytes/index.ts';

/** The first eight bytes of a compound file, [MS-CFB] 2.2. */
export const compoundFileMagic = Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1);

/** One storage or stream of a compound file. */
export interface DirectoryEntry {
  readonly name: string;
  readonly isStream: boolean;
  readonly left: number;
  readonly right: number;
  readonly child: number;
  readonly startSector: number;
  readonly size: number;
}

/** Just enough of a compound file to tell what it holds: names, and how streams begin. */
export interface CompoundDirectory {
  /** Storages and streams directly inside `parent`, by name; inside the root without it. */
  children(parent?: DirectoryEntry): ReadonlyMap<string, DirectoryEntry>;
  /** The first bytes of a stream, at most one sector; fewer if the file is damaged. */
  startOf(entry: DirectoryEntry, options?: WaitOptions): Promise<Uint8Array>;
}

const headerLength = 512;
const entryLength = 128;
const miniSectorLength = 64;
const miniStreamCutoff = 4096;
/** Larger numbers are marks, not sectors, [MS-CFB] 2.1. */
const lastSector = 0xffff_fff9;

/**
 * Reads the directory of a compound file, a few sectors of it whatever its size ([MS-CFB] 2.2 to 2.6).
 * `undefined` if it is none, or damaged beyond use; never throws for what the file says.
 */
export async function readCompoundDirectory(
  source: ByteSource,
  options?: WaitOptions,
): Promise<CompoundDirectory | undefined> {
  const header = await viewOf(source, 0, headerLength, options);
  if (header === undefined || compoundFileMagic.some((byte, i) => header.getUint8(i) !== byte))
    return undefined;
  const sectorShift = header.getUint16(0x1e, true);
  if (sectorShift !== 9 && sectorShift !== 12) return undefined;
  const sectorLength = 1 << sectorShift;
  const sector = (number: number): Promise<DataView | undefined> =>
    number > lastSector
      ? Promise.resolve(undefined)
      : viewOf(source, (number + 1) * sectorLength, sectorLength, options);
  const following = successors(header, sectorLength, sector);

  const entries: (DirectoryEntry | undefined)[] = [];
  let at = header.getUint32(0x30, true);
  for (let i = 0; i < maxima.recognitionSectors; i++) {
    const content = await sector(at);
    if (content === undefined) break;
    for (let offset = 0; offset < sectorLength; offset += entryLength)
      entries.push(parseEntry(content, offset));
    at = await following(at);
  }
  const root = entries[0];
  if (root === undefined) return undefined;

  return {
    children(parent = root) {
      const found = new Map<string, DirectoryEntry>();
      const seen = new Set<number>();
      const pending = [parent.child];
      for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
        const entry = entries[id];
        if (entry === undefined || seen.has(id)) continue;
        seen.add(id);
        found.set(entry.name, entry);
        pending.push(entry.left, entry.right);
      }
      return found;
    },
    async startOf(entry) {
      if (!entry.isStream) return new Uint8Array(0);
      if (entry.size >= miniStreamCutoff) return bytesOf(await sector(entry.startSector), 0, entry.size);
      const offset = entry.startSector * miniSectorLength;
      let holder = root.startSector;
      const steps = Math.floor(offset / sectorLength);
      if (steps > maxima.recognitionSectors) return new Uint8Array(0);
      for (let i = 0; i < steps; i++) holder = await following(holder);
      return bytesOf(await sector(holder), offset % sectorLength, Math.min(entry.size, miniSectorLength));
    },
  };
}

/** The sector after another, through the allocation table; remembers the part of the table it used last. */
function successors(
  header: DataView,
  sectorLength: number,
  sector: (number: number) => Promise<DataView | undefined>,
): (number: number) => Promise<number> {
  const perSector = sectorLength / 4;
  const inHeader = 109;
  const end = lastSector + 1;
  let cached: { readonly index: number; readonly view: DataView | undefined } | undefined;

  async function tableSector(index: number): Promise<number> {
    if (index < inHeader) return header.getUint32(0x4c + 4 * index, true);
    // Every sector of the table of tables ends in the number of the next one, [MS-CFB] 2.5.
    const perList = perSector - 1;
    let list = header.getUint32(0x44, true);
    const steps = Math.floor((index - inHeader) / perList);
    if (steps > maxima.recognitionSectors) return end;
    for (let i = 0; i < steps; i++) list = (await sector(list))?.getUint32(4 * perList, true) ?? end;
    return (await sector(list))?.getUint32(4 * ((index - inHeader) % perList), true) ?? end;
  }

  return async (number) => {
    if (number > lastSector) return end;
    const index = Math.floor(number / perSector);
    if (cached?.index !== index) cached = { index, view: await sector(await tableSector(index)) };
    return cached.view?.getUint32(4 * (number % perSector), true) ?? end;
  };
}

function parseEntry(sector: DataView, at: number): DirectoryEntry | undefined {
  const type = sector.getUint8(at + 0x42);
  const nameLength = sector.getUint16(at + 0x40, true);
  if (type === 0 || nameLength < 2 || nameLength > 64 || nameLength % 2 !== 0) return undefined;
  let name: string;
  try {
    name = decodeUtf16le(new Uint8Array(sector.buffer, sector.byteOffset + at, nameLength - 2));
  } catch {
    return undefined;
  }
  return {
    name,
    isStream: type === 2,
    left: sector.getUint32(at + 0x44, true),
    right: sector.getUint32(at + 0x48, true),
    child: sector.getUint32(at + 0x4c, true),
    startSector: sector.getUint32(at + 0x74, true),
    // Old writers left garbage in the upper half, [MS-CFB] 2.6.1; for the beginning of a stream the lower one will do.
    size: sector.getUint32(at + 0x78, true),
  };
}

/** A copy of exactly `length` bytes, or `undefined` if the file ends before. */
async function viewOf(
  source: ByteSource,
  offset: number,
  length: number,
  options?: WaitOptions,
): Promise<DataView | undefined> {
  const bytes = (await source.read(offset, length, options)).slice();
  return bytes.length === length ? new DataView(bytes.buffer) : undefined;
}

function bytesOf(view: DataView | undefined, offset: number, length: number): Uint8Array {
  if (view === undefined) return new Uint8Array(0);
  return new Uint8Array(view.buffer, offset, Math.min(length, view.byteLength - offset));
}
