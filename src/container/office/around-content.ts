import { type ByteSource, concatBytes } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { CompoundFileLayout, PendingPiece } from '../compound-file/new-compound-file.ts';
import type { ContentInsertion } from '../container-format.ts';

/** A laid out file without its content: what stands before, within and behind it. */
export interface AroundContent {
  readonly bytes: Uint8Array;
  readonly insertions: readonly ContentInsertion[];
  readonly trailer: Uint8Array;
}

/**
 * Parts a layout at its pending stream. The stream begins with `prefix`, which counts as the container's own.
 * Everything else is small and at hand: placeholders are, and the tables of a compound file are computed.
 */
export function aroundContent(layout: CompoundFileLayout, prefix: Uint8Array): AroundContent {
  const before: Uint8Array[] = [];
  const insertions: ContentInsertion[] = [];
  let since: Uint8Array[] = before;
  let done = 0;
  for (const piece of layout.pieces) {
    if (!isPending(piece)) {
      since.push(...readNow(piece));
      continue;
    }
    if (done === 0) before.push(prefix);
    else if (since.length > 0)
      insertions.push({ contentOffset: done - prefix.length, bytes: concatBytes(since) });
    since = [];
    done = piece.pendingOffset + piece.length;
  }
  return { bytes: concatBytes(before), insertions, trailer: since === before ? none : concatBytes(since) };
}

const none = new Uint8Array(0);

const isPending = (piece: ByteSource | PendingPiece): piece is PendingPiece => 'pendingOffset' in piece;

/** Bytes of a source read at a time, so that one of many parts gives each without waiting. */
const windowLength = 64 * 1024;

function readNow(source: ByteSource): Uint8Array[] {
  const windows: Uint8Array[] = [];
  for (let offset = 0; offset < (source.size ?? 0); offset += windowLength) {
    const bytes = source.read(offset, Math.min(windowLength, (source.size ?? 0) - offset));
    if (bytes instanceof Promise)
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        'What stands in the clear in an Office file must be given as bytes, not as a source that waits.',
      );
    windows.push(bytes.slice());
  }
  return windows;
}
