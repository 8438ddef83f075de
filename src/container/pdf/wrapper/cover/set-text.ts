import { type Face, widthOf } from './helvetica.ts';

/** Text cut into lines, in WinAnsiEncoding. */
export interface SetParagraph {
  readonly face: Face;
  readonly size: number;
  /** From one line's base to the next. */
  readonly leading: number;
  readonly lines: readonly Uint8Array[];
}

const space = 0x20;

/** Cuts codes at their blanks into lines of at most `width` points; a word that is longer is cut where the line ends. */
export function setParagraph(
  codes: Uint8Array,
  width: number,
  style: Pick<SetParagraph, 'face' | 'size' | 'leading'>,
): SetParagraph {
  const { face, size } = style;
  const lines: Uint8Array[] = [];
  let start = 0;
  while (start < codes.length) {
    let end = start;
    let blank = -1;
    let sum = 0;
    for (; end < codes.length; end++) {
      sum += widthOf(codes.subarray(end, end + 1), face, size);
      if (codes[end] === space) blank = end;
      else if (sum > width) break;
    }
    if (end < codes.length && blank > start) end = blank;
    else if (end === start) end++;
    lines.push(codes.subarray(start, end));
    start = end;
    while (codes[start] === space) start++;
  }
  return { ...style, lines };
}

/** How high it is. */
export const heightOf = ({ leading, lines }: SetParagraph): number => leading * lines.length;
