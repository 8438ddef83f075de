import { type ByteSource, memorySource, zeroSource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { LinkedEntry } from './layout-directory.ts';
import type { NewStream, PendingPiece } from './new-compound-file.ts';

/** Shorter streams lie in the mini stream, [MS-CFB] 2.6.3. */
const miniCutoff = 4096;
/** Bytes of a mini sector, [MS-CFB] 2.4. */
const miniSectorSize = 64;

/** A stream's bytes, and which entry they belong to. */
export interface StreamContent {
  readonly id: number;
  readonly size: number;
  readonly piece: ByteSource | PendingPiece;
}

/** The streams that have content, by where they are stored; in the order of the file. */
export interface SortedContents {
  readonly mini: readonly StreamContent[];
  /** Those with sectors of their own, without pending content. */
  readonly regular: readonly StreamContent[];
  /** Pending content with sectors of its own: the last in the file. */
  readonly pending: StreamContent | undefined;
  /** Mini sectors of each of `mini`. */
  readonly miniCounts: readonly number[];
  /** Bytes of the mini stream. */
  readonly miniBytes: number;
}

/** Throws `INVALID_ARGUMENT` for a source without size or random access, and for more than one pending content. */
export function sortContents(entries: readonly LinkedEntry[]): SortedContents {
  const mini: StreamContent[] = [];
  const regular: StreamContent[] = [];
  let pending: StreamContent | undefined;
  for (const [id, { item }] of entries.entries()) {
    if (item.kind !== 'stream') continue;
    const content = streamContent(id, item);
    if ('pendingSize' in item.content) {
      if (pending !== undefined)
        throw invalid('Only one stream of a compound file may have pending content.');
      pending = content;
    } else if (content.size >= miniCutoff) regular.push(content);
    else if (content.size > 0) mini.push(content);
  }
  if (pending !== undefined && pending.size < miniCutoff) {
    if (pending.size > 0) mini.push(pending);
    pending = undefined;
  }
  const miniCounts = mini.map(({ size }) => Math.ceil(size / miniSectorSize));
  const miniBytes = miniSectorSize * miniCounts.reduce((sum, count) => sum + count, 0);
  return { mini, regular, pending, miniCounts, miniBytes };
}

/** The bytes of all contents as they follow each other, each filled with zeros to its sectors. */
export function contentPieces(contents: SortedContents, sectorSize: number): (ByteSource | PendingPiece)[] {
  const pieces: (ByteSource | PendingPiece)[] = [];
  const add = ({ piece, size }: StreamContent, unit: number): void => {
    pieces.push(piece);
    addFilling(pieces, size, unit);
  };
  for (const content of contents.regular) add(content, sectorSize);
  for (const content of contents.mini) add(content, miniSectorSize);
  addFilling(pieces, contents.miniBytes, sectorSize);
  if (contents.pending !== undefined) add(contents.pending, sectorSize);
  return pieces;
}

/** Unused bytes of a last sector are zero, [MS-CFB] 2.7. */
function addFilling(pieces: (ByteSource | PendingPiece)[], size: number, unit: number): void {
  const over = size % unit;
  if (over > 0) pieces.push(zeroSource(unit - over));
}

function streamContent(id: number, { content }: NewStream): StreamContent {
  if (content instanceof Uint8Array) return { id, size: content.length, piece: memorySource(content) };
  if ('pendingSize' in content) {
    const size = content.pendingSize;
    if (!Number.isSafeInteger(size) || size < 0)
      throw invalid(`The size of pending content must be a whole number of bytes; ${size} was given.`);
    return { id, size, piece: { pendingOffset: 0, length: size } };
  }
  const { size } = content;
  if (size === undefined || !content.seekable)
    throw invalid(
      'Streams of a compound file are laid out from bytes, or from seekable sources of known size.',
    );
  return { id, size, piece: content };
}

function invalid(message: string): SealwrightError {
  return new SealwrightError('INVALID_ARGUMENT', message);
}
