import type { ByteSink, ByteSource, WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { PendingPiece } from '../../compound-file/new-compound-file.ts';
import type { DocumentTransferOptions, DocumentWriter } from '../../document-format.ts';

/** Bytes moved at once. */
const windowLength = 1024 * 1024;

/** Pieces of a compound file that only hold their place, and what writes itself there. */
export type PushedPieces = ReadonlyMap<ByteSource | PendingPiece, DocumentWriter>;

/**
 * Writes the pieces of a compound file one after the other; for those in `pushed`, what writes itself. Sizes were told
 * before: what has another one now is refused with `IO_FAILED`.
 *
 * @param total bytes of all pieces, for the progress; without it none is told
 */
export function piecesWriter(
  sink: ByteSink,
  pushed: PushedPieces,
  { signal, onProgress }: DocumentTransferOptions,
  total?: number,
): (piece: ByteSource | PendingPiece) => Promise<void> {
  const options: WaitOptions = { signal };
  let done = 0;

  async function put(bytes: Uint8Array): Promise<void> {
    signal?.throwIfAborted();
    await sink.write(bytes, options);
    done += bytes.length;
    if (total !== undefined && bytes.length > 0) onProgress?.(done, total);
  }

  async function copy(source: ByteSource): Promise<void> {
    const size = source.size ?? 0;
    for (let offset = 0; offset < size; ) {
      const bytes = await source.read(offset, Math.min(windowLength, size - offset), options);
      if (bytes.length === 0) throw changed();
      await put(bytes);
      offset += bytes.length;
    }
  }

  async function push(part: DocumentWriter, size: number): Promise<void> {
    let written = 0;
    await part.writeTo(
      {
        async write(bytes) {
          written += bytes.length;
          if (written > size) throw changed();
          await put(bytes);
        },
      },
      options,
    );
    if (written < size) throw changed();
  }

  return async (piece) => {
    const part = pushed.get(piece);
    if (part !== undefined) await push(part, ('length' in piece ? piece.length : piece.size) ?? 0);
    else if ('read' in piece) await copy(piece);
    else throw new TypeError('A compound file has a place that nothing was given for.');
  };
}

const changed = (): SealwrightError =>
  new SealwrightError(
    'IO_FAILED',
    'A body or an attachment of the message has another size than before: it was changed while it was read. Try again.',
  );
