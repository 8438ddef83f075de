import { SealwrightError } from '../../errors.ts';
import { headerSlots, sectorMarks } from './allocate.ts';
import { damaged } from './read-damage.ts';
import { isCompoundFile } from './signature.ts';

/** Bytes of the header proper, [MS-CFB] 2.2. */
export const headerLength = 512;
/** Sectors are numbered from 0 to 0xFFFFFFF9, [MS-CFB] 2.1. */
const maximumSectors = 0xffff_fffa;
const littleEndian = 0xfffe;
const miniShift = 6;
/** Smaller streams are in the mini stream, [MS-CFB] 2.2. */
export const miniStreamCutoff = 4096;

/** What the header says, [MS-CFB] 2.2, held against the size of the file. */
export interface CompoundHeader {
  readonly version: 3 | 4;
  readonly sectorSize: 512 | 4096;
  /** Sectors behind the header; the last one may be in the file in part only. */
  readonly sectors: number;
  readonly fatSectors: number;
  readonly firstDirectorySector: number;
  readonly firstMiniFatSector: number;
  readonly miniFatSectors: number;
  readonly firstDifatSector: number;
  /** Where the first FAT sectors are. */
  readonly slots: Uint32Array;
}

/** File offset of a sector: the header takes the place of one, [MS-CFB] 2.3. */
export const sectorOffset = (header: CompoundHeader, sector: number): number =>
  (sector + 1) * header.sectorSize;

/**
 * Reads and checks the header.
 *
 * @param head the first bytes of the file, {@link headerLength} of them if it has as many
 * @param size bytes of the whole file
 */
export function parseHeader(head: Uint8Array, size: number): CompoundHeader {
  if (!isCompoundFile(head))
    throw new SealwrightError(
      'MALFORMED_CONTAINER',
      'This is no compound file: it does not start with the signature of one. Check that it is the right file.',
      { offset: 0 },
    );
  if (head.length < headerLength) throw damaged('it ends inside its header', size);
  const view = new DataView(head.buffer, head.byteOffset, headerLength);
  const version = view.getUint16(0x1a, true);
  if (version !== 3 && version !== 4)
    throw damaged(`its major version is ${version}, where there are 3 and 4`, 0x1a);
  if (view.getUint16(0x1c, true) !== littleEndian) throw damaged('its byte order mark is wrong', 0x1c);
  const shift = version === 3 ? 9 : 12;
  if (view.getUint16(0x1e, true) !== shift)
    throw damaged(`its sectors are not of ${1 << shift} bytes, as version ${version} has them`, 0x1e);
  if (view.getUint16(0x20, true) !== miniShift) throw damaged('its mini sectors are not of 64 bytes', 0x20);
  if (view.getUint32(0x38, true) !== miniStreamCutoff)
    throw damaged(`its mini streams do not end at ${miniStreamCutoff} bytes`, 0x38);

  const sectorSize = version === 3 ? 512 : 4096;
  const sectors = Math.min(Math.ceil(size / sectorSize) - 1, maximumSectors);
  const count = (field: number, what: string): number => {
    const value = view.getUint32(field, true);
    if (value <= sectors) return value;
    throw damaged(`it claims ${value} sectors of its ${what}, but has ${Math.max(0, sectors)} in all`, field);
  };
  const slots = new Uint32Array(headerSlots);
  for (let i = 0; i < headerSlots; i++) slots[i] = view.getUint32(0x4c + 4 * i, true);
  // In version 3 the number of directory sectors is not given; what stands there does not matter.
  if (version === 4) count(0x28, 'directory');
  count(0x48, 'table of tables');
  return {
    version,
    sectorSize,
    sectors,
    fatSectors: count(0x2c, 'allocation table'),
    firstDirectorySector: view.getUint32(0x30, true),
    firstMiniFatSector: view.getUint32(0x3c, true),
    miniFatSectors: count(0x40, 'table of small streams'),
    firstDifatSector: view.getUint32(0x44, true),
    slots,
  };
}

/** Whether a link says that nothing follows. Some old writers say so with the mark of a free sector. */
export const endsDifat = (link: number): boolean =>
  link === sectorMarks.endOfChain || link === sectorMarks.free;
