import { maxima, type WaitOptions } from '../../bytes/index.ts';
import { sectorMarks } from './allocate.ts';
import type { AllocationTable } from './allocation.ts';
import type { SectorClaims } from './allocation-claims.ts';
import { beyondLimit, damaged } from './read-damage.ts';

/** A chain of sectors, [MS-CFB] 2.1, as runs of neighbours; or one of mini sectors. */
export interface Chain {
  /** First sector of each run. */
  readonly starts: Uint32Array;
  /** Sectors in the chain up to the end of each run. */
  readonly ends: Uint32Array;
}

/** Where a chain is and what it is for. */
export interface ChainRequest {
  /** What it holds, as the subject of a sentence. */
  readonly what: string;
  readonly first: number;
  /** File offset of the field that names the first sector, for messages. */
  readonly firstField: number;
  /** Sectors it has, where a size tells; what it has beyond is not looked at. */
  readonly sectors?: number | undefined;
  /** Most sectors of a chain that ends where it says. */
  readonly maximum: number;
  /** How many sectors there are: numbers start at 0. */
  readonly available: number;
  /** File offset of a sector, for messages. */
  offsetOf(sector: number): number;
}

/**
 * Follows a chain and claims its sectors. Throws `MALFORMED_CONTAINER` if it is too short, leaves the file,
 * runs in a circle or into another chain, `LIMIT_EXCEEDED` if it is too scattered; then nothing is claimed.
 */
export async function followChain(
  table: AllocationTable,
  claims: SectorClaims,
  request: ChainRequest,
  options?: WaitOptions,
): Promise<Chain> {
  const { what, available, offsetOf, sectors } = request;
  const limit = sectors ?? request.maximum + 1;
  const runs = growingRuns();
  let page: Uint32Array | undefined;
  let pageNumber = -1;
  let [start, total, from] = [request.first, 0, request.firstField];
  try {
    while (total < limit) {
      if (start === sectorMarks.endOfChain && sectors === undefined) break;
      if (start === sectorMarks.endOfChain)
        throw damaged(`${what} ends after ${total} of its ${sectors} sectors`, from);
      if (start >= available) throw damaged(`${what} goes on in sector ${start}, beyond its end`, from);
      let [sector, next] = [start, start];
      const last = start + (limit - total) - 1;
      // Nothing waits in here unless a page of the table has to be read: chains have millions of sectors.
      while (sector < last) {
        const number = sector >>> table.pageShift;
        if (page === undefined || number !== pageNumber) {
          page = table.kept(number) ?? (await table.load(number, options));
          pageNumber = number;
        }
        next = page[sector & (page.length - 1)] as number;
        if (next !== sector + 1 || next >= available) break;
        sector = next;
      }
      const length = sector - start + 1;
      from = offsetOf(sector);
      if (!claims.claim(start, length))
        throw damaged(`${what} uses a sector from ${start} to ${sector} that is in use already`, from);
      total += length;
      if (runs.push(start, total) > maxima.compoundRuns)
        throw beyondLimit(`runs of sectors for ${what}`, maxima.compoundRuns, from);
      start = next;
    }
    if (sectors === undefined && total > request.maximum)
      throw beyondLimit(`sectors for ${what}`, request.maximum, from);
    return runs.chain();
  } catch (error) {
    releaseChain(claims, runs.chain());
    throw error;
  }
}

function releaseChain(claims: SectorClaims, { starts, ends }: Chain): void {
  let before = 0;
  ends.forEach((end, run) => {
    claims.release(starts[run] as number, end - before);
    before = end;
  });
}

/** Runs in typed arrays that grow as needed, by doubling. */
function growingRuns() {
  let [starts, ends] = [new Uint32Array(4), new Uint32Array(4)];
  let count = 0;
  const grown = (old: Uint32Array): Uint32Array<ArrayBuffer> => {
    const larger = new Uint32Array(old.length * 2);
    larger.set(old);
    return larger;
  };
  return {
    /** Gives how many runs there are now. */
    push(start: number, end: number): number {
      if (count === starts.length) [starts, ends] = [grown(starts), grown(ends)];
      starts[count] = start;
      ends[count] = end;
      return ++count;
    },
    chain: (): Chain => ({ starts: starts.slice(0, count), ends: ends.slice(0, count) }),
  };
}

/** The run that holds the sector at `index` of a chain, by halving; as many as there are, behind the end. */
export function runAt({ ends }: Chain, index: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] as number) > index) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The number of the sector at `index` of a chain. */
export function sectorAt(chain: Chain, index: number): number | undefined {
  const run = runAt(chain, index);
  const start = chain.starts[run];
  return start === undefined ? undefined : start + index - (run === 0 ? 0 : (chain.ends[run - 1] as number));
}
