import { SealwrightError } from '../../errors.ts';

/** What stands in a table in place of a sector's number, [MS-CFB] 2.1. */
export const sectorMarks = {
  difat: 0xffff_fffc,
  fat: 0xffff_fffd,
  endOfChain: 0xffff_fffe,
  free: 0xffff_ffff,
} as const;

/** Sectors are numbered from 0 to 0xFFFFFFF9, [MS-CFB] 2.1. */
const maximumSectors = 0xffff_fffa;
/** Places for FAT sectors in the header itself, [MS-CFB] 2.2. */
export const headerSlots = 109;
/**
 * Bytes of the largest version 3 file we write: the sector at 0x7FFFFE00 covers the bytes reserved for
 * locking, and [MS-CFB] 2.8 lets no version 3 file need it.
 */
const maximumVersion3 = 0x7fff_fe00;
/** The sector of a version 4 file that covers the offsets 0x7FFFFF00 to 0x7FFFFFFF, [MS-CFB] 2.8. */
const rangeLockSector = 0x7_fffe;

/**
 * How many sectors a file has. Whoever uses it counts the sectors without the one for range locks:
 * `sectorNumber` gives the number in the file, `fileOffset` the place.
 */
export interface Allocation {
  readonly version: 3 | 4;
  /** Bytes. */
  readonly sectorSize: 512 | 4096;
  readonly difatSectors: number;
  readonly fatSectors: number;
  /** All sectors in the file, the one for range locks included. */
  readonly sectors: number;
  /** Number of the sector for range locks, where the file reaches that far. */
  readonly rangeLock: number | undefined;
}

/** The number in the file of the sector counted as `index` where that for range locks is not counted. */
export function sectorNumber(allocation: Allocation, index: number): number {
  const { rangeLock } = allocation;
  return rangeLock !== undefined && index >= rangeLock ? index + 1 : index;
}

/** Bytes in a sector, [MS-CFB] 2.2. */
export function sectorSizeOf(version: 3 | 4): 512 | 4096 {
  return version === 3 ? 512 : 4096;
}

/**
 * Finds how many FAT and DIFAT sectors `contentSectors` sectors of directory, mini FAT and content need,
 * which themselves need entries in the FAT. `undefined` if a file of this version cannot be as large.
 */
export function allocateSectors(version: 3 | 4, contentSectors: number): Allocation | undefined {
  const sectorSize = sectorSizeOf(version);
  const perSector = sectorSize / 4;
  let [difatSectors, fatSectors, sectors] = [0, 0, 0];
  let rangeLock: number | undefined;
  // Both only grow, and what is added gets smaller by the factor of a sector's entries each time.
  for (;;) {
    const counted = contentSectors + fatSectors + difatSectors;
    if (version === 4 && counted > rangeLockSector) rangeLock = rangeLockSector;
    sectors = rangeLock === undefined ? counted : counted + 1;
    if (sectors > maximumSectors) return undefined;
    const fat = Math.ceil(sectors / perSector);
    const difat = fat <= headerSlots ? 0 : Math.ceil((fat - headerSlots) / (perSector - 1));
    if (fat === fatSectors && difat === difatSectors) break;
    [fatSectors, difatSectors] = [fat, difat];
  }
  if (version === 3 && (sectors + 1) * sectorSize > maximumVersion3) return undefined;
  return { version, sectorSize, difatSectors, fatSectors, sectors, rangeLock };
}

/** The version asked for, or else version 3 as long as it can hold the file. Throws `INVALID_ARGUMENT`, `LIMIT_EXCEEDED`. */
export function allocateFile(
  contentSectors: (version: 3 | 4) => number,
  version: 3 | 4 | undefined,
): Allocation {
  if (version !== undefined && version !== 3 && version !== 4)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `Compound files have version 3 or 4; ${String(version)} was asked for.`,
    );
  const third = version === 4 ? undefined : allocateSectors(3, contentSectors(3));
  if (third !== undefined) return third;
  if (version === 3)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'A compound file of version 3 is smaller than 2 GB, and this one would not be. Leave the version open, or ask for 4.',
    );
  const fourth = allocateSectors(4, contentSectors(4));
  if (fourth !== undefined) return fourth;
  throw new SealwrightError(
    'LIMIT_EXCEEDED',
    'A compound file is smaller than 16 TB, and this one would not be. Put less into it.',
  );
}
