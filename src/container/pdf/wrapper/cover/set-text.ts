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

/** A last line that is shorter than this part of the width looks left over. */
const leftOver = 0.3;

/**
 * The same, with the lines a little shorter where the last one would else be a word or two; never with more lines. Where
 * that helps nothing, as in texts of long words, they stay as they are.
 */
export function setBalanced(
  codes: Uint8Array,
  width: number,
  style: Pick<SetParagraph, 'face' | 'size' | 'leading'>,
): SetParagraph {
  const full = setParagraph(codes, width, style);
  const isShort = ({ lines }: SetParagraph): boolean =>
    widthOf(lines.at(-1) ?? new Uint8Array(0), style.face, style.size) < width * leftOver;
  if (full.lines.length < 2 || !isShort(full)) return full;
  for (let part = 0.95; part > 0.7; part -= 0.05) {
    const shorter = setParagraph(codes, width * part, style);
    if (shorter.lines.length > full.lines.length) break;
    if (!isShort(shorter)) return shorter;
  }
  return full;
}

/** How high it is. */
export const heightOf = ({ leading, lines }: SetParagraph): number => leading * lines.length;
