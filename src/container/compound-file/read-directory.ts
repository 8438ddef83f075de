import { type ByteSource, maxima, type WaitOptions } from '../../bytes/index.ts';
import type { AllocationTable } from './allocation.ts';
import type { SectorClaims } from './allocation-claims.ts';
import { followChain, sectorAt } from './chain.ts';
import { chainReads } from './chain-source.ts';
import type { CompoundStorage } from './compound-file.ts';
import { readTree, type StreamPlaces } from './directory.ts';
import { entryLength, entrySize, type RawDirectory } from './directory-entry.ts';
import { damaged } from './read-damage.ts';
import { type CompoundHeader, sectorOffset } from './read-header.ts';

/** Bytes of a directory that is read together with what is near it; a larger one is read by itself. */
const smallDirectory = 64 * 1024;

/** Where things of a compound file are. */
export interface CompoundSpace {
  readonly header: CompoundHeader;
  /** The file, with the rest of its last sector. */
  readonly file: ByteSource;
  /** Bytes that there are of it. */
  readonly size: number;
  /** The same for small reads. */
  readonly ahead: ByteSource;
  readonly fat: AllocationTable;
  readonly claims: SectorClaims;
}

/** What the directory says. */
export interface CompoundDirectory {
  readonly root: CompoundStorage;
  readonly streams: StreamPlaces;
  /** The stream that small streams are in, [MS-CFB] 2.4, as the root says. */
  readonly miniStream: { readonly firstSector: number; readonly size: number; readonly entryOffset: number };
}

/** Reads the whole directory, [MS-CFB] 2.6. */
export async function readDirectory(
  { header, file, ahead, fat, claims }: CompoundSpace,
  options?: WaitOptions,
): Promise<CompoundDirectory> {
  const { sectorSize } = header;
  const chain = await followChain(
    fat,
    claims,
    {
      what: 'its directory',
      first: header.firstDirectorySector,
      firstField: 0x30,
      // The root is no entry that somebody made, and the last sector need not be full.
      maximum: Math.ceil(((maxima.compoundEntries + 1) * entryLength) / sectorSize),
      available: header.sectors,
      offsetOf: (sector) => sectorOffset(header, sector),
    },
    options,
  );
  const size = (chain.ends.at(-1) ?? 0) * sectorSize;
  if (size === 0) throw damaged('it has no directory', 0x30);
  const bytes = new Uint8Array(size);
  const source = size <= smallDirectory ? ahead : file;
  const count = await chainReads({ source, sectorSize, start: sectorSize }, chain, size).readInto(
    0,
    bytes,
    options,
  );
  if (count < size) throw damaged('it ends inside its directory', count);

  const perSector = sectorSize / entryLength;
  const raw: RawDirectory = {
    bytes,
    view: new DataView(bytes.buffer),
    count: size / entryLength,
    version: header.version,
    offsetOf(entry) {
      const sector = sectorAt(chain, Math.floor(entry / perSector)) ?? 0;
      return sectorOffset(header, sector) + (entry % perSector) * entryLength;
    },
  };
  const tree = readTree(raw);
  const miniStream = {
    firstSector: raw.view.getUint32(0x74, true),
    size: entrySize(raw, 0),
    entryOffset: raw.offsetOf(0),
  };
  return { ...tree, miniStream };
}
