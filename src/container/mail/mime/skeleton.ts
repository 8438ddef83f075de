import { ByteWriter, concatBytes } from '../../../bytes/index.ts';
import type { BodyForm } from './body-form.ts';
import { mimeLimits } from './limits.ts';

/** Where the content of a part comes from. */
export interface ContentPiece extends BodyForm {
  readonly kind: 'content';
  readonly of: 'plain' | 'html' | 'attachment';
  /** Which attachment, from 0. */
  readonly index: number;
  /** Bytes at the beginning of the content that are not written. */
  readonly skip: number;
}

export interface LiteralPiece {
  readonly kind: 'literal';
  readonly bytes: Uint8Array;
}

/**
 * A MIME message without the contents of its parts: all bytes between them, and which content stands where in which
 * encoding (spec/mail.md, "MIME", "Skeleton").
 */
export interface Skeleton {
  /** Bytes of the header of the message, with its empty line; they are the beginning of the first piece. */
  readonly headerLength: number;
  readonly pieces: readonly (LiteralPiece | ContentPiece)[];
}

const magic = Uint8Array.from([0x53, 0x4d, 0x49, 0x4d, 1]);
const [literalTag, contentTag] = [1, 2];
const sources = ['plain', 'html', 'attachment'] as const;
const encodings = ['identity', 'base64', 'quoted-printable'] as const;
const lineBreaks = ['crlf', 'lf'] as const;
const contentLength = 14;

/** Bytes of a skeleton, or `undefined` if it has too many. */
export function encodeSkeleton({ headerLength, pieces }: Skeleton): Uint8Array | undefined {
  const writer = new ByteWriter().bytes(magic).uint32(headerLength);
  for (const piece of pieces) {
    if (piece.kind === 'literal')
      writer.bytes(Uint8Array.of(literalTag)).uint32(piece.bytes.length).bytes(piece.bytes);
    else
      writer
        .bytes(
          Uint8Array.of(
            contentTag,
            sources.indexOf(piece.of),
            encodings.indexOf(piece.encoding),
            lineBreaks.indexOf(piece.lineBreak),
          ),
        )
        .uint16(piece.lineLength)
        .uint32(piece.index)
        .uint32(piece.skip);
    if (writer.length > mimeLimits.skeletonBytes) return undefined;
  }
  return writer.toBytes();
}

/**
 * Reads a skeleton. It travels with the message, so it may have been written by anybody: `undefined` for one that is none.
 */
export function decodeSkeleton(bytes: Uint8Array): Skeleton | undefined {
  if (bytes.length < 9 || bytes.length > mimeLimits.skeletonBytes) return undefined;
  if (magic.some((byte, index) => bytes[index] !== byte)) return undefined;
  const fields = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = fields.getUint32(5, true);
  const pieces: (LiteralPiece | ContentPiece)[] = [];
  for (let at = 9; at < bytes.length; ) {
    if (bytes[at] === literalTag) {
      if (at + 5 > bytes.length) return undefined;
      const end = at + 5 + fields.getUint32(at + 1, true);
      if (end > bytes.length) return undefined;
      pieces.push({ kind: 'literal', bytes: bytes.subarray(at + 5, end) });
      at = end;
    } else {
      if (bytes[at] !== contentTag || at + contentLength > bytes.length) return undefined;
      const of = sources[bytes[at + 1]!];
      const encoding = encodings[bytes[at + 2]!];
      const lineBreak = lineBreaks[bytes[at + 3]!];
      const lineLength = fields.getUint16(at + 4, true);
      if (of === undefined || encoding === undefined || lineBreak === undefined || lineLength % 4 !== 0)
        return undefined;
      pieces.push({
        kind: 'content',
        of,
        encoding,
        lineBreak,
        lineLength,
        index: fields.getUint32(at + 6, true),
        skip: fields.getUint32(at + 10, true),
      });
      at += contentLength;
    }
  }
  const first = pieces[0];
  return first?.kind === 'literal' && first.bytes.length >= headerLength
    ? { headerLength, pieces }
    : undefined;
}

/** The header of the message, with its empty line. */
export const skeletonHeader = ({ headerLength, pieces }: Skeleton): Uint8Array =>
  (pieces[0] as LiteralPiece).bytes.subarray(0, headerLength);

/** The same skeleton under another header. */
export function withHeader(skeleton: Skeleton, header: Uint8Array): Skeleton {
  const [first, ...rest] = skeleton.pieces as [LiteralPiece, ...Skeleton['pieces']];
  const bytes = concatBytes([header, first.bytes.subarray(skeleton.headerLength)]);
  return { headerLength: header.length, pieces: [{ kind: 'literal', bytes }, ...rest] };
}
