import type { ByteSource, WaitOptions } from './byte-source.ts';
import { memorySource } from './memory-source.ts';
import { sliceSource } from './slice-source.ts';

/** What a {@link concatenatedSource} is made of: bytes, or (a slice of) a seekable source of known size. */
export type SourcePart = Uint8Array | ByteSource;

/**
 * The parts one after the other as one seekable source: a file of which a few bytes were replaced, without
 * a copy of the rest. Closing it closes none of the parts.
 *
 * @param parts bytes, and seekable sources of known size; empty ones are fine
 *
 * @example
 * ```ts
 * const edited = concatenatedSource([original.slice(0, 100), newBytes, original.slice(120)]);
 * ```
 */
export function concatenatedSource(parts: readonly SourcePart[]): ByteSource {
  const pieces: Piece[] = [];
  let size = 0;
  for (const part of parts) {
    const source = part instanceof Uint8Array ? memorySource(part) : part;
    const length = source.size;
    if (length === undefined) throw new TypeError('A part of a concatenated source has no known size.');
    if (length > 0) pieces.push({ source, start: size, end: size + length });
    size += length;
  }

  async function readInto(offset: number, target: Uint8Array, options?: WaitOptions): Promise<number> {
    let done = 0;
    for (let index = pieceAt(pieces, offset); done < target.length; index++) {
      const piece = pieces[index];
      if (piece === undefined) break;
      const at = offset + done - piece.start;
      const wanted = Math.min(target.length - done, piece.end - piece.start - at);
      const count = await readPart(piece.source, at, target.subarray(done, done + wanted), options);
      done += count;
      if (count < wanted) break;
    }
    return done;
  }

  const whole: ByteSource = {
    size,
    seekable: true,
    readInto,
    read(offset, length, options) {
      const wanted = Math.max(0, Math.min(length, size - offset));
      const piece = pieces[pieceAt(pieces, offset)];
      // Within one part nothing needs to be copied.
      if (piece !== undefined && offset + wanted <= piece.end)
        return piece.source.read(offset - piece.start, wanted, options);
      const target = new Uint8Array(wanted);
      return readInto(offset, target, options).then((count) => target.subarray(0, count));
    },
    slice: (offset, length) => sliceSource(whole, offset, length),
  };
  return whole;
}

interface Piece {
  readonly source: ByteSource;
  readonly start: number;
  readonly end: number;
}

/** The piece that holds `offset`, by halving; `pieces.length` behind the end. */
function pieceAt(pieces: readonly Piece[], offset: number): number {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((pieces[middle] as Piece).end > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

async function readPart(
  source: ByteSource,
  offset: number,
  target: Uint8Array,
  options: WaitOptions | undefined,
): Promise<number> {
  if (source.readInto !== undefined) return source.readInto(offset, target, options);
  const bytes = await source.read(offset, target.length, options);
  target.set(bytes);
  return bytes.length;
}
