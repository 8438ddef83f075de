import type { CheckedHeader } from './check-header.ts';
import { type CheckedFile, viewAt, zeroAt } from './checked-file.ts';

const difatSector = 0xffff_fffc;
const fatSector = 0xffff_fffd;
const endOfChain = 0xffff_fffe;
const freeSector = 0xffff_ffff;
const lastRegular = 0xffff_fff9;
const rangeLock = 0x7_fffe;

/** Neighbouring sectors of a chain. */
export interface SectorRun {
  readonly first: number;
  count: number;
}

/** The FAT, or the mini FAT, and which of its sectors were met in a chain. */
export interface SectorTable {
  readonly entries: Uint32Array;
  readonly used: Uint8Array;
  readonly name: string;
}

/** Reads the FAT through the DIFAT and holds both against [MS-CFB] 2.3 and 2.5. */
export async function checkFat(file: CheckedFile, header: CheckedHeader): Promise<SectorTable> {
  const { problem } = file;
  const { perSector, sectorSize, sectors } = header;
  const used = new Uint8Array(Math.max(0, sectors));
  const difatNumbers: number[] = [];
  const slots = [...header.difat];
  let next = header.firstDifat;
  while (next <= lastRegular) {
    if (!take(used, next, problem, 'DIFAT')) break;
    difatNumbers.push(next);
    const view = await viewAt(file, (next + 1) * sectorSize, sectorSize);
    for (let index = 0; index < perSector - 1; index++) slots.push(view.getUint32(4 * index, true));
    next = view.getUint32(4 * (perSector - 1), true);
  }
  if (next !== endOfChain) problem('difat-end', next);
  if (difatNumbers.length !== header.difatSectors) problem('difat-sector-count', difatNumbers.length);
  if (difatNumbers.length !== Math.ceil(Math.max(0, header.fatSectors - 109) / (perSector - 1)))
    problem('difat-length', difatNumbers.length);

  const fatNumbers = slots.slice(0, header.fatSectors);
  if (fatNumbers.length < header.fatSectors) problem('fat-sector-count', fatNumbers.length);
  if (slots.slice(header.fatSectors).some((slot) => slot !== freeSector)) problem('difat-unused-slots');
  const entries = new Uint32Array(fatNumbers.length * perSector).fill(freeSector);
  for (const [index, number] of fatNumbers.entries()) {
    if (!take(used, number, problem, 'FAT')) continue;
    const view = await viewAt(file, (number + 1) * sectorSize, sectorSize);
    for (let entry = 0; entry < perSector; entry++)
      entries[index * perSector + entry] = view.getUint32(4 * entry, true);
  }
  for (const [mark, numbers, name] of [
    [fatSector, fatNumbers, 'fat-mark'],
    [difatSector, difatNumbers, 'difat-mark'],
  ] as const) {
    for (const number of numbers) if (entries[number] !== mark) problem(name, number);
    const marked = entries.reduce((count, entry) => count + (entry === mark ? 1 : 0), 0);
    if (marked !== numbers.length) problem(`${name}-elsewhere`, marked);
  }
  if (entries.length < sectors) problem('fat-too-short', entries.length);
  if (header.fatSectors !== Math.ceil(sectors / perSector)) problem('fat-length', header.fatSectors);
  if (entries.subarray(Math.max(0, sectors)).some((entry) => entry !== freeSector))
    problem('fat-beyond-file');
  return { entries, used, name: 'sector' };
}

/** Follows a chain and marks its sectors; stops at the first that cannot belong to it. */
export function followChain(file: CheckedFile, table: SectorTable, start: number, what: string): SectorRun[] {
  const runs: SectorRun[] = [];
  let run: SectorRun | undefined;
  let at = start;
  while (at !== endOfChain) {
    if (!take(table.used, at, file.problem, `${what}, ${table.name}`)) break;
    if (run !== undefined && run.first + run.count === at) run.count++;
    else {
      run = { first: at, count: 1 };
      runs.push(run);
    }
    at = table.entries[at] ?? freeSector;
  }
  return runs;
}

/** The sector for range locks, [MS-CFB] 2.8; nothing may be left that belongs to no chain. */
export async function checkLeftovers(
  file: CheckedFile,
  table: SectorTable,
  header: CheckedHeader,
): Promise<void> {
  const { sectorSize } = header;
  if (header.version === 4 && file.bytes.size > 0x8000_0000) {
    if (table.used[rangeLock] !== 0) file.problem('range-lock-in-a-chain', rangeLock);
    if (table.entries[rangeLock] !== endOfChain) file.problem('range-lock-entry', rangeLock);
    if (!(await zeroAt(file, (rangeLock + 1) * sectorSize, sectorSize)))
      file.problem('range-lock-content', rangeLock);
    table.used[rangeLock] = 1;
  }
  checkAllUsed(file, table);
}

/** Each entry is either of a chain or free; a strict file has none free. */
export function checkAllUsed(file: CheckedFile, table: SectorTable): void {
  let [free, lost] = [0, 0];
  for (const [index, used] of table.used.entries()) {
    if (used !== 0) continue;
    if (table.entries[index] === freeSector) free++;
    else lost++;
  }
  if (lost > 0) file.problem(`${table.name}-in-no-chain`, lost);
  if (free > 0) file.problem(`${table.name}-free`, free);
}

function take(used: Uint8Array, number: number, problem: CheckedFile['problem'], where: string): boolean {
  if (number >= used.length) problem('sector-outside', where);
  else if (used[number] !== 0) problem('sector-twice', where);
  else {
    used[number] = 1;
    return true;
  }
  return false;
}

/** Sectors of all runs. */
export function sectorsOf(runs: readonly SectorRun[]): number {
  return runs.reduce((sum, { count }) => sum + count, 0);
}
