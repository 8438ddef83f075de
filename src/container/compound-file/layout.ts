import { type ByteSource, concatenatedSource, memorySource, zeroSource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { allocateFile, sectorMarks, sectorNumber, sectorSizeOf } from './allocate.ts';
import { chainsInOrder, newAllocationTable } from './allocate-table.ts';
import { contentPieces, type SortedContents, sortContents } from './layout-contents.ts';
import { directorySectors, linkEntries, type NewRoot, serializeDirectory } from './layout-directory.ts';
import { serializeHeader } from './layout-header.ts';
import type { CompoundFileLayout, PendingPiece } from './new-compound-file.ts';

export type { NewRoot } from './layout-directory.ts';

/** How a new compound file is laid out. */
export interface LayoutOptions {
  /** 3: sectors of 512 bytes, less than 2 GB; 4: of 4096. Without it 3 is written as long as the file is small enough. */
  readonly version?: 3 | 4 | undefined;
}

/**
 * Lays out a new compound file (spec/compound-file.md, "Writing"). Everything that describes it comes first;
 * then the streams; last the pending content, so that it can be streamed behind one run of bytes. No source
 * is read, and nothing is copied. The same input gives the same layout.
 *
 * @param root what the file holds, and the class id, state bits and time of its root
 * @returns version, size in bytes, and the pieces of the file in order. Pieces that come neither from a
 *   source of the caller's nor are pending are read without waiting
 *
 * Throws `INVALID_ARGUMENT` for names the format does not allow or twice in a storage, more than one pending
 * content, sources without size or random access, and a version 3 that would be too large;
 * `LIMIT_EXCEEDED` for too many or too deeply nested entries, or 16 TB.
 *
 * @example
 * ```ts
 * const layout = layoutCompoundFile({
 *   entries: [{ kind: 'stream', name: 'EncryptedPackage', content: { pendingSize: 1_000_000 } }],
 * });
 * ```
 */
export function layoutCompoundFile(root: NewRoot, options: LayoutOptions = {}): CompoundFileLayout {
  const entries = linkEntries(root);
  const contents = sortContents(entries);
  const allocation = allocateFile(
    (version) => sum(Object.values(countSectors(entries.length, contents, version)).flat()),
    options.version,
  );
  const { version, sectorSize, difatSectors, fatSectors, rangeLock } = allocation;
  const counts = countSectors(entries.length, contents, version);
  const number = (index: number): number => sectorNumber(allocation, index);

  // Where each run begins, counted without the sector for range locks.
  const directoryAt = difatSectors + fatSectors;
  const miniFatAt = directoryAt + counts.directory;
  const streamsAt = miniFatAt + counts.miniFat;
  const miniStreamAt = streamsAt + sum(counts.regular);
  const pendingAt = miniStreamAt + counts.miniStream;

  const table = newAllocationTable(allocation, [
    { count: difatSectors, mark: sectorMarks.difat },
    { count: fatSectors, mark: sectorMarks.fat },
    { count: counts.directory },
    { count: counts.miniFat },
    ...counts.regular.map((count) => ({ count })),
    { count: counts.miniStream },
    { count: counts.pending },
  ]);
  const header = serializeHeader(allocation, {
    directory: { start: number(directoryAt), count: counts.directory },
    miniFat: { start: number(miniFatAt), count: counts.miniFat },
  });
  const places = new Map<number, StreamPlace>();
  if (contents.miniBytes > 0) places.set(0, { start: number(miniStreamAt), size: contents.miniBytes });
  placeInOrder(places, contents.mini, contents.miniCounts, (index) => index);
  placeInOrder(places, contents.regular, counts.regular, (index) => number(streamsAt + index));
  if (contents.pending !== undefined)
    places.set(contents.pending.id, { start: number(pendingAt), size: contents.pending.size });
  const directory = serializeDirectory(entries, sectorSize, (id) => places.get(id) ?? noPlace);

  const pieces = [
    memorySource(header),
    table,
    memorySource(directory),
    memorySource(chainsInOrder(contents.miniCounts, (counts.miniFat * sectorSize) / 4)),
    ...contentPieces(contents, sectorSize),
  ].filter((piece) => lengthOf(piece) > 0);
  if (rangeLock !== undefined) insertAt(pieces, (rangeLock + 1) * sectorSize, zeroSource(sectorSize));
  return Object.freeze({
    version,
    size: (allocation.sectors + 1) * sectorSize,
    pieces: Object.freeze(pieces),
  });
}

/**
 * A laid out compound file as a source. Its streams are read from where they were given.
 *
 * @param pending the pending content, where the layout has such
 *
 * Throws `INVALID_ARGUMENT` if the pending content is missing or of another size.
 *
 * @example
 * ```ts
 * const file = compoundFileSource(layoutCompoundFile({ entries }));
 * ```
 */
export function compoundFileSource(layout: CompoundFileLayout, pending?: ByteSource): ByteSource {
  const expected = sum(layout.pieces.map((piece) => (isPending(piece) ? piece.length : 0)));
  if (expected !== (pending?.size ?? 0))
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `The compound file was laid out for ${expected} bytes of pending content; hand in a source of just as many.`,
    );
  return concatenatedSource(
    layout.pieces.map((piece) =>
      isPending(piece) ? (pending as ByteSource).slice(piece.pendingOffset, piece.length) : piece,
    ),
  );
}

/** Start sector (or mini sector) and bytes of a stream, as a directory entry has them. */
interface StreamPlace {
  readonly start: number;
  readonly size: number;
}

const noPlace: StreamPlace = { start: sectorMarks.endOfChain, size: 0 };

interface SectorCounts {
  readonly directory: number;
  readonly miniFat: number;
  readonly regular: readonly number[];
  readonly miniStream: number;
  readonly pending: number;
}

function countSectors(entries: number, contents: SortedContents, version: 3 | 4): SectorCounts {
  const sectorSize = sectorSizeOf(version);
  const sectorsOf = (bytes: number): number => Math.ceil(bytes / sectorSize);
  return {
    directory: directorySectors(entries, sectorSize),
    miniFat: sectorsOf(4 * sum(contents.miniCounts)),
    regular: contents.regular.map(({ size }) => sectorsOf(size)),
    miniStream: sectorsOf(contents.miniBytes),
    pending: sectorsOf(contents.pending?.size ?? 0),
  };
}

/** Streams that follow each other, each `counts` sectors long. */
function placeInOrder(
  places: Map<number, StreamPlace>,
  streams: readonly { readonly id: number; readonly size: number }[],
  counts: readonly number[],
  numberOf: (index: number) => number,
): void {
  let at = 0;
  for (const [index, { id, size }] of streams.entries()) {
    places.set(id, { start: numberOf(at), size });
    at += counts[index] as number;
  }
}

/** Puts `inserted` at a file offset; the piece that stands there is parted in two. */
function insertAt(pieces: (ByteSource | PendingPiece)[], offset: number, inserted: ByteSource): void {
  let before = 0;
  let index = 0;
  for (; index < pieces.length; index++) {
    const length = lengthOf(pieces[index] as ByteSource | PendingPiece);
    if (before + length > offset) break;
    before += length;
  }
  const parted = pieces[index] as ByteSource | PendingPiece;
  const at = offset - before;
  if (at === 0) pieces.splice(index, 0, inserted);
  else pieces.splice(index, 1, part(parted, 0, at), inserted, part(parted, at, lengthOf(parted) - at));
}

function part(piece: ByteSource | PendingPiece, offset: number, length: number): ByteSource | PendingPiece {
  return isPending(piece)
    ? { pendingOffset: piece.pendingOffset + offset, length }
    : piece.slice(offset, length);
}

function isPending(piece: ByteSource | PendingPiece): piece is PendingPiece {
  return 'pendingOffset' in piece;
}

function lengthOf(piece: ByteSource | PendingPiece): number {
  return isPending(piece) ? piece.length : (piece.size as number);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
