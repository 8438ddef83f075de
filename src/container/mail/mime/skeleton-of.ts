import { concatBytes, type WaitOptions } from '../../../bytes/index.ts';
import { hasEmptyLine } from './header-block.ts';
import { mimeLimits } from './limits.ts';
import type { MimePart } from './mime-part.ts';
import { type ContentPiece, encodeSkeleton, type LiteralPiece } from './skeleton.ts';

const emptyLine = Uint8Array.of(13, 10);

/**
 * The bytes of a skeleton: all that stands in the message between the contents, and what stands where.
 *
 * @param contents parts in their order, what each holds, and how many bytes of its body that is
 * @returns `undefined` if it would be too large; the message is then written anew
 */
export async function skeletonOf(
  root: MimePart,
  contents: readonly (readonly [part: MimePart, piece: ContentPiece, length: number])[],
  options?: WaitOptions,
): Promise<Uint8Array | undefined> {
  const { source, header, body } = root;
  const pieces: (LiteralPiece | ContentPiece)[] = [];
  let [at, total, headerLength] = [header.start, 0, header.end - header.start];
  const literal = async (end: number): Promise<boolean> => {
    const length = end - at;
    total += length;
    if (total > mimeLimits.skeletonBytes) return false;
    // A copy: what a source gives is its own.
    const bytes = length === 0 ? new Uint8Array(0) : new Uint8Array(await source.read(at, length, options));
    if (length > 0 || pieces.length === 0) pieces.push({ kind: 'literal', bytes });
    at = end;
    return true;
  };
  for (const [part, piece, length] of contents) {
    if (!(await literal(part.body.start))) return undefined;
    const last = pieces.at(-1);
    // Where a line of the body ended the header, what it is encoded to might not.
    if (
      piece.encoding !== 'identity' &&
      length > 0 &&
      last?.kind === 'literal' &&
      !hasEmptyLine(last.bytes)
    ) {
      pieces[pieces.length - 1] = { kind: 'literal', bytes: concatBytes([last.bytes, emptyLine]) };
      if (part === root) headerLength += emptyLine.length;
    }
    pieces.push(piece);
    at = part.body.start + length;
  }
  if (!(await literal(body.end))) return undefined;
  return encodeSkeleton({ headerLength, pieces });
}
