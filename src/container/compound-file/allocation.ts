import type { ByteSource, WaitOptions } from '../../bytes/index.ts';
import type { SectorClaims } from './allocation-claims.ts';
import { damaged } from './read-damage.ts';
import { type CompoundHeader, endsDifat, sectorOffset } from './read-header.ts';

/** Bytes of an allocation table kept in memory: the whole table of a file of 2 GiB. */
const keptBytes = 16 * 1024 * 1024;

/** A table that names what follows each sector, or mini sector: [MS-CFB] 2.3 and 2.4. */
export interface AllocationTable {
  /** A page holds `2 ** pageShift` entries; it is a sector of the file. */
  readonly pageShift: number;
  /** A page that is in memory; the last ones are. */
  kept(page: number): Uint32Array | undefined;
  load(page: number, options?: WaitOptions): Promise<Uint32Array>;
}

/**
 * An allocation table the pages of which are read when asked for, and kept within bounds.
 *
 * @param offsetOf file offset of a page; throws if there is none
 */
export function allocationTable(
  ahead: ByteSource,
  sectorSize: number,
  offsetOf: (page: number, options?: WaitOptions) => Promise<number> | number,
): AllocationTable {
  const pages = new Map<number, Uint32Array>();
  const maximumPages = keptBytes / sectorSize;
  return {
    pageShift: sectorSize === 512 ? 7 : 10,
    kept: (page) => pages.get(page),
    async load(page, options) {
      const offset = await offsetOf(page, options);
      const entries = numbersOf(await ahead.read(offset, sectorSize, options));
      pages.set(page, entries);
      if (pages.size > maximumPages) for (const oldest of pages.keys()) if (pages.delete(oldest)) break;
      return entries;
    },
  };
}

/** The FAT, [MS-CFB] 2.3, with the DIFAT that says where its sectors are, 2.5. */
export function fileAllocationTable(
  header: CompoundHeader,
  ahead: ByteSource,
  claims: SectorClaims,
): AllocationTable {
  const { sectorSize, sectors, fatSectors } = header;
  const perList = sectorSize / 4 - 1;
  const lists: Uint32Array[] = [];
  let next = header.firstDifatSector;

  function take(sector: number, what: string, offset: number): void {
    if (sector >= sectors) throw damaged(`${what} is in sector ${sector}, beyond its end`, offset);
    if (!claims.claim(sector, 1))
      throw damaged(`${what} is in sector ${sector}, which is used for something else`, offset);
  }

  function takeAll(list: Uint32Array, first: number, offset: number): void {
    const count = Math.min(list.length, fatSectors - first);
    for (let i = 0; i < count; i++)
      take(list[i] as number, `part ${first + i} of its allocation table`, offset + 4 * i);
  }

  /** Reads the next DIFAT sector, [MS-CFB] 2.5. */
  async function loadList(options?: WaitOptions): Promise<void> {
    const index = lists.length;
    if (endsDifat(next)) throw damaged(`its table of tables ends after ${index} sectors`, 0x44);
    const sector = next;
    const at = sectorOffset(header, sector);
    if (sector >= sectors)
      throw damaged(`its table of tables goes on in sector ${sector}, beyond its end`, 0x44);
    const numbers = numbersOf(await ahead.read(at, sectorSize, options));
    // Somebody else may have read the same one meanwhile.
    if (lists.length > index) return;
    take(sector, 'its table of tables', at);
    const list = numbers.subarray(0, perList);
    takeAll(list, header.slots.length + index * perList, at);
    lists.push(list);
    next = numbers[perList] as number;
  }

  async function listed(page: number, options?: WaitOptions): Promise<number> {
    const index = Math.floor((page - header.slots.length) / perList);
    while (lists.length <= index) await loadList(options);
    const list = lists[index] as Uint32Array;
    return sectorOffset(header, list[(page - header.slots.length) % perList] as number);
  }

  takeAll(header.slots, 0, 0x4c);
  return allocationTable(ahead, sectorSize, (page, options) => {
    if (page >= fatSectors)
      throw damaged(`its allocation table has ${fatSectors} parts and lacks part ${page}`, 0x2c);
    const inHeader = header.slots[page];
    return inHeader === undefined ? listed(page, options) : sectorOffset(header, inHeader);
  });
}

/** The little-endian numbers in `bytes`, a copy. */
function numbersOf(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = new Uint32Array(bytes.length / 4);
  for (let i = 0; i < numbers.length; i++) numbers[i] = view.getUint32(4 * i, true);
  return numbers;
}
