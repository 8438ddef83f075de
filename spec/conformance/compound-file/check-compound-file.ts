import { type CheckedEntry, checkDirectory } from './check-directory.ts';
import { type CheckedHeader, checkHeader } from './check-header.ts';
import {
  checkAllUsed,
  checkFat,
  checkLeftovers,
  followChain,
  type SectorRun,
  type SectorTable,
  sectorsOf,
} from './check-sectors.ts';
import {
  type CheckedBytes,
  type CheckedFile,
  type CompoundFileProblem,
  viewAt,
  zeroAt,
} from './checked-file.ts';

export type { CheckedBytes, CompoundFileProblem } from './checked-file.ts';

/** A stream that was found. */
export interface FoundStream {
  /** Names from the root down to its own. */
  readonly path: readonly string[];
  readonly size: number;
  /** Where its bytes are in the file, in order; each but the last may be longer than the stream. */
  readonly places: readonly { readonly offset: number; readonly length: number }[];
  read(): Promise<Uint8Array>;
}

/** What a strict reader says of a compound file. */
export interface CompoundFileCheck {
  readonly version: number | undefined;
  /** Empty for a file that keeps every rule. */
  readonly problems: readonly CompoundFileProblem[];
  readonly streams: readonly FoundStream[];
}

const endOfChain = 0xffff_fffe;
const freeSector = 0xffff_ffff;

/**
 * Holds a compound file against every rule of [MS-CFB] 2, and against what a strict writer does beyond them
 * (no free sectors, no longer tables than needed, equal black height, zeros behind the end of a stream).
 * It shares no code with the library.
 *
 * @param input the file, or its size and a function that reads from it
 */
export async function checkCompoundFile(input: Uint8Array | CheckedBytes): Promise<CompoundFileCheck> {
  const bytes: CheckedBytes =
    input instanceof Uint8Array
      ? { size: input.length, read: (offset, length) => input.subarray(offset, offset + length) }
      : input;
  const problems: CompoundFileProblem[] = [];
  const file: CheckedFile = {
    bytes,
    problem: (rule, where = '') => problems.push({ rule, where: String(where) }),
  };
  const header = await checkHeader(file);
  if (header === undefined) return { version: undefined, problems, streams: [] };
  const fat = await checkFat(file, header);
  const { root, streams } = await checkDirectory(file, header, fat);
  const mini = root && (await checkMiniStream(file, header, fat, root));
  const found: FoundStream[] = [];
  for (const stream of streams) found.push(await checkStream(file, header, stream, fat, mini));
  if (mini !== undefined) checkAllUsed(file, mini.table);
  await checkLeftovers(file, fat, header);
  return { version: header.version, problems, streams: found };
}

/** The mini stream and its table, [MS-CFB] 2.4. */
interface MiniStream {
  readonly table: SectorTable;
  /** The file offset of each mini sector. */
  offsetOf(miniSector: number): number;
}

async function checkMiniStream(
  file: CheckedFile,
  header: CheckedHeader,
  fat: SectorTable,
  root: CheckedEntry,
): Promise<MiniStream> {
  const { sectorSize, perSector } = header;
  const offsets = offsetsOf(followChain(file, fat, root.start, 'mini stream'), sectorSize);
  if (root.size % 64 !== 0) file.problem('mini-stream-size', root.size);
  if (offsets.length !== Math.ceil(root.size / sectorSize)) file.problem('mini-stream-chain', offsets.length);
  const fatOffsets = offsetsOf(followChain(file, fat, header.firstMiniFat, 'mini FAT'), sectorSize);
  if (fatOffsets.length !== header.miniFatSectors) file.problem('mini-fat-sector-count', fatOffsets.length);
  const count = Math.min(Math.ceil(root.size / 64), (offsets.length * sectorSize) / 64);
  if (fatOffsets.length !== Math.ceil(count / perSector)) file.problem('mini-fat-length', fatOffsets.length);
  const entries = new Uint32Array(Math.max(count, fatOffsets.length * perSector)).fill(freeSector);
  for (const [index, offset] of fatOffsets.entries()) {
    const view = await viewAt(file, offset, sectorSize);
    for (let entry = 0; entry < perSector; entry++)
      entries[index * perSector + entry] = view.getUint32(4 * entry, true);
  }
  if (entries.subarray(count).some((entry) => entry !== freeSector))
    file.problem('mini-fat-beyond-mini-stream');
  const over = root.size % sectorSize;
  const last = offsets.at(-1);
  if (last !== undefined && over > 0 && !(await zeroAt(file, last + over, sectorSize - over)))
    file.problem('mini-stream-filling');
  const offsetOf = (miniSector: number): number =>
    (offsets[Math.floor((miniSector * 64) / sectorSize)] ?? 0) + ((miniSector * 64) % sectorSize);
  return { table: { entries, used: new Uint8Array(count), name: 'mini-sector' }, offsetOf };
}

async function checkStream(
  file: CheckedFile,
  header: CheckedHeader,
  stream: CheckedEntry,
  fat: SectorTable,
  mini: MiniStream | undefined,
): Promise<FoundStream> {
  const { id, path, size, start } = stream;
  const small = size < 4096;
  const unit = small ? 64 : header.sectorSize;
  const where = `stream ${id}`;
  let runs: SectorRun[] = [];
  if (size === 0) {
    if (start !== endOfChain) file.problem('empty-stream-start', where);
  } else if (!small) runs = followChain(file, fat, start, where);
  else if (mini !== undefined) runs = followChain(file, mini.table, start, where);
  if (sectorsOf(runs) !== Math.ceil(size / unit)) file.problem('stream-chain', where);

  let places = runs.map(({ first, count }) => ({ offset: (first + 1) * unit, length: count * unit }));
  if (small && mini !== undefined)
    places = runs.flatMap(({ first, count }) =>
      Array.from({ length: count }, (_, index) => ({ offset: mini.offsetOf(first + index), length: 64 })),
    );
  const last = places.at(-1);
  const over = size % unit;
  if (
    last !== undefined &&
    over > 0 &&
    !(await zeroAt(file, last.offset + last.length - unit + over, unit - over))
  )
    file.problem('stream-filling', where);
  return {
    path,
    size,
    places,
    async read() {
      const content = new Uint8Array(places.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const { offset, length } of places) {
        content.set(await file.bytes.read(offset, length), at);
        at += length;
      }
      return content.subarray(0, size);
    },
  };
}

function offsetsOf(runs: readonly SectorRun[], sectorSize: number): number[] {
  return runs.flatMap(({ first, count }) =>
    Array.from({ length: count }, (_, index) => (first + index + 1) * sectorSize),
  );
}
