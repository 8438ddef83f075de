import { type CheckedFile, viewAt, zeroAt } from './checked-file.ts';

/** What the header states, and what follows from its version. */
export interface CheckedHeader {
  readonly version: number;
  readonly sectorSize: number;
  readonly perSector: number;
  /** Sectors in the file. */
  readonly sectors: number;
  readonly directorySectors: number;
  readonly fatSectors: number;
  readonly firstDirectory: number;
  readonly firstMiniFat: number;
  readonly miniFatSectors: number;
  readonly firstDifat: number;
  readonly difatSectors: number;
  /** The 109 numbers in the header. */
  readonly difat: readonly number[];
}

const endOfChain = 0xffff_fffe;

/** [MS-CFB] 2.2; `undefined` if the rest cannot be checked. */
export async function checkHeader(file: CheckedFile): Promise<CheckedHeader | undefined> {
  const { problem } = file;
  const view = await viewAt(file, 0, 512);
  const must = (rule: string, holds: boolean): void => {
    if (!holds) problem(rule, 'header');
  };
  must('signature', view.getBigUint64(0) === 0xd0cf_11e0_a1b1_1ae1n);
  must('header-class-id', view.getBigUint64(8) === 0n && view.getBigUint64(16) === 0n);
  must('minor-version', view.getUint16(0x18, true) === 0x3e);
  const version = view.getUint16(0x1a, true);
  const shift = view.getUint16(0x1e, true);
  must('major-version', version === 3 || version === 4);
  must('byte-order', view.getUint16(0x1c, true) === 0xfffe);
  must('sector-shift', shift === (version === 3 ? 9 : 12));
  must('mini-sector-shift', view.getUint16(0x20, true) === 6);
  must('header-reserved', view.getUint16(0x22, true) === 0 && view.getUint32(0x24, true) === 0);
  must('transaction-signature', view.getUint32(0x34, true) === 0);
  must('mini-stream-cutoff', view.getUint32(0x38, true) === 4096);
  if (shift !== 9 && shift !== 12) return undefined;

  const sectorSize = 2 ** shift;
  if (sectorSize > 512) must('header-filling', await zeroAt(file, 512, sectorSize - 512));
  const header: CheckedHeader = {
    version,
    sectorSize,
    perSector: sectorSize / 4,
    sectors: Math.floor(file.bytes.size / sectorSize) - 1,
    directorySectors: view.getUint32(0x28, true),
    fatSectors: view.getUint32(0x2c, true),
    firstDirectory: view.getUint32(0x30, true),
    firstMiniFat: view.getUint32(0x3c, true),
    miniFatSectors: view.getUint32(0x40, true),
    firstDifat: view.getUint32(0x44, true),
    difatSectors: view.getUint32(0x48, true),
    difat: Array.from({ length: 109 }, (_, index) => view.getUint32(0x4c + 4 * index, true)),
  };
  must('file-length', file.bytes.size % sectorSize === 0);
  must('file-minimum', header.sectors >= 2);
  must('version-3-size', version !== 3 || file.bytes.size <= 0x8000_0000);
  must('directory-sector-count', version === 4 || header.directorySectors === 0);
  must('mini-fat-absent', (header.miniFatSectors === 0) === (header.firstMiniFat === endOfChain));
  must('difat-absent', (header.difatSectors === 0) === (header.firstDifat === endOfChain));
  must('difat-needless', header.difatSectors === 0 || header.fatSectors > 109);
  return header;
}
