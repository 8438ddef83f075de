import { type ByteSource, sliceSource } from '../../bytes/index.ts';
import { type Allocation, sectorMarks, sectorNumber } from './allocate.ts';

/** Neighbouring sectors of one use: a chain, or sectors that all carry the same mark. In the order of the file. */
export interface SectorRun {
  readonly count: number;
  readonly mark?: number | undefined;
}

/** A run as it is in the file: entries up to `end`, each naming the next sector or all `mark`; then `last`. */
interface TableRun {
  readonly end: number;
  readonly mark: number | undefined;
  readonly last: number;
}

/**
 * The FAT, [MS-CFB] 2.3, made while it is read: a file of terabytes has gigabytes of it, and needs no more
 * memory than its runs. Its size is a whole number of sectors; entries behind the file are free.
 *
 * @param runs uses of all sectors from the first on, without that for range locks
 */
export function newAllocationTable(allocation: Allocation, runs: readonly SectorRun[]): ByteSource {
  const tableRuns = runsInFile(allocation, runs);
  const size = allocation.fatSectors * allocation.sectorSize;

  function read(offset: number, length: number): Uint8Array {
    const count = Math.max(0, Math.min(length, size - offset));
    const first = Math.floor(offset / 4);
    const stop = Math.ceil((offset + count) / 4);
    const bytes = new Uint8Array((stop - first) * 4).fill(0xff);
    fill(new DataView(bytes.buffer), first, stop, tableRuns);
    return bytes.subarray(offset - first * 4, offset - first * 4 + count);
  }

  const table: ByteSource = {
    size,
    seekable: true,
    read,
    slice: (offset, length) => sliceSource(table, offset, length),
  };
  return table;
}

/** A table of chains that lie one behind the other from 0 on: the mini FAT, [MS-CFB] 2.4. */
export function chainsInOrder(counts: readonly number[], entries: number): Uint8Array {
  const bytes = new Uint8Array(entries * 4).fill(0xff);
  const runs: TableRun[] = [];
  let end = 0;
  for (const count of counts) {
    end += count;
    if (count > 0) runs.push({ end, mark: undefined, last: sectorMarks.endOfChain });
  }
  fill(new DataView(bytes.buffer), 0, end, runs);
  return bytes;
}

function runsInFile(allocation: Allocation, runs: readonly SectorRun[]): TableRun[] {
  const { rangeLock } = allocation;
  const inFile: TableRun[] = [];
  let at = 0;
  const lock = (): void => {
    if (rangeLock === undefined || at !== rangeLock) return;
    at++;
    inFile.push({ end: at, mark: undefined, last: sectorMarks.endOfChain });
  };
  let index = 0;
  for (const { count, mark } of runs) {
    if (count === 0) continue;
    lock();
    index += count;
    const end = sectorNumber(allocation, index - 1) + 1;
    if (rangeLock !== undefined && at < rangeLock && end > rangeLock) {
      inFile.push({ end: rangeLock, mark, last: mark ?? rangeLock + 1 });
      at = rangeLock;
      lock();
    }
    inFile.push({ end, mark, last: mark ?? sectorMarks.endOfChain });
    at = end;
  }
  return inFile;
}

/** Writes the entries from `first` up to `stop` at the start of `view`; what no run covers is left as it is. */
function fill(view: DataView, first: number, stop: number, runs: readonly TableRun[]): void {
  let entry = first;
  for (let number = runAt(runs, first); entry < stop; number++) {
    const run = runs[number];
    if (run === undefined) return;
    const runStop = Math.min(run.end, stop);
    const { mark } = run;
    if (mark === undefined)
      for (; entry < runStop; entry++) view.setUint32((entry - first) * 4, entry + 1, true);
    else for (; entry < runStop; entry++) view.setUint32((entry - first) * 4, mark, true);
    if (runStop === run.end) view.setUint32((runStop - 1 - first) * 4, run.last, true);
  }
}

/** The run that holds `entry`, by halving. */
function runAt(runs: readonly TableRun[], entry: number): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((runs[middle] as TableRun).end > entry) high = middle;
    else low = middle + 1;
  }
  return low;
}
