import type { WaitOptions } from '../../bytes/index.ts';
import { type AllocationTable, allocationTable } from './allocation.ts';
import { type SectorClaims, sectorClaims } from './allocation-claims.ts';
import { followChain, sectorAt } from './chain.ts';
import { chainReads, lazySource, type SectorSpace } from './chain-source.ts';
import { damaged } from './read-damage.ts';
import type { CompoundDirectory, CompoundSpace } from './read-directory.ts';
import { sectorOffset } from './read-header.ts';

/** Bytes of a mini sector, [MS-CFB] 2.2. */
export const miniSectorSize = 64;

/** The stream that small streams are in, and the table of what follows what in it: [MS-CFB] 2.4. */
export interface MiniStream {
  readonly space: SectorSpace;
  readonly table: AllocationTable;
  readonly claims: SectorClaims;
  /** How many mini sectors there are. */
  readonly sectors: number;
  /** File offset of a mini sector. */
  offsetOf(miniSector: number): number;
}

/** Finds the mini stream and its table; of the table nothing is read yet. */
export async function readMiniStream(
  space: CompoundSpace,
  { miniStream }: CompoundDirectory,
  options?: WaitOptions,
): Promise<MiniStream> {
  const { header, ahead, fat, claims } = space;
  const { sectorSize } = header;
  const offsetOf = (sector: number): number => sectorOffset(header, sector);
  const known = { available: header.sectors, maximum: header.sectors, offsetOf };
  const sectors = Math.ceil(miniStream.size / sectorSize);
  if (sectors > header.sectors)
    throw damaged('its small streams are said to be larger than the file', miniStream.entryOffset);
  const content = await followChain(
    fat,
    claims,
    {
      ...known,
      what: 'the stream of its small streams',
      first: miniStream.firstSector,
      firstField: miniStream.entryOffset + 0x74,
      sectors,
    },
    options,
  );
  const tableChain = await followChain(
    fat,
    claims,
    {
      ...known,
      what: 'the table of its small streams',
      first: header.firstMiniFatSector,
      firstField: 0x3c,
      sectors: header.miniFatSectors,
    },
    options,
  );
  // The last mini sector is whole, whatever the size says: it lies in a sector that is.
  const miniSectors = Math.ceil(miniStream.size / miniSectorSize);
  const size = miniSectors * miniSectorSize;
  const below = { source: ahead, sectorSize, start: sectorSize };
  return {
    space: {
      source: lazySource(size, false, chainReads(below, content, size)),
      sectorSize: miniSectorSize,
      start: 0,
    },
    table: allocationTable(ahead, sectorSize, (page) => {
      const sector = sectorAt(tableChain, page);
      if (sector !== undefined) return offsetOf(sector);
      throw damaged(
        `the table of its small streams has ${header.miniFatSectors} parts and lacks part ${page}`,
        0x40,
      );
    }),
    claims: sectorClaims(),
    sectors: miniSectors,
    offsetOf(miniSector) {
      const at = miniSector * miniSectorSize;
      return offsetOf(sectorAt(content, Math.floor(at / sectorSize)) ?? 0) + (at % sectorSize);
    },
  };
}
