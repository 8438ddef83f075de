import { type Allocation, headerSlots, sectorMarks, sectorNumber } from './allocate.ts';

/** A chain of neighbouring sectors: number of the first, and how many. */
export interface SectorChain {
  readonly start: number;
  readonly count: number;
}

/** The header filled up to a sector, [MS-CFB] 2.2, and the DIFAT sectors, [MS-CFB] 2.5, which follow it. */
export function serializeHeader(
  allocation: Allocation,
  chains: { readonly directory: SectorChain; readonly miniFat: SectorChain },
): Uint8Array {
  const { version, sectorSize, difatSectors, fatSectors } = allocation;
  const { directory, miniFat } = chains;
  const bytes = new Uint8Array((1 + difatSectors) * sectorSize);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0x00, 0xe11a_b1a1_e011_cfd0n, true);
  view.setUint16(0x18, 0x003e, true);
  view.setUint16(0x1a, version, true);
  view.setUint16(0x1c, 0xfffe, true);
  view.setUint16(0x1e, Math.log2(sectorSize), true);
  view.setUint16(0x20, 6, true);
  view.setUint32(0x28, version === 3 ? 0 : directory.count, true);
  view.setUint32(0x2c, fatSectors, true);
  view.setUint32(0x30, directory.start, true);
  view.setUint32(0x38, 4096, true);
  view.setUint32(0x3c, miniFat.count > 0 ? miniFat.start : sectorMarks.endOfChain, true);
  view.setUint32(0x40, miniFat.count, true);
  view.setUint32(0x44, difatSectors > 0 ? sectorNumber(allocation, 0) : sectorMarks.endOfChain, true);
  view.setUint32(0x48, difatSectors, true);

  // The FAT sectors follow the DIFAT sectors.
  const slot = (index: number): number =>
    index < fatSectors ? sectorNumber(allocation, difatSectors + index) : sectorMarks.free;
  for (let index = 0; index < headerSlots; index++) view.setUint32(0x4c + 4 * index, slot(index), true);
  const perSector = sectorSize / 4 - 1;
  for (let sector = 0; sector < difatSectors; sector++) {
    const at = (1 + sector) * sectorSize;
    for (let index = 0; index < perSector; index++)
      view.setUint32(at + 4 * index, slot(headerSlots + sector * perSector + index), true);
    const next = sector + 1 < difatSectors ? sectorNumber(allocation, sector + 1) : sectorMarks.endOfChain;
    view.setUint32(at + 4 * perSector, next, true);
  }
  return bytes;
}
