import { SealwrightError } from '../../../../errors.ts';
import type { CoverText, PdfCover } from '../../settings.ts';
import { winAnsi } from './helvetica.ts';
import { heightOf, type SetParagraph, setBalanced } from './set-text.ts';

/** A paragraph in its place on a sheet. */
export interface PlacedParagraph extends SetParagraph {
  /** Where the base of the first line begins, in points from the left and from the bottom. */
  readonly x: number;
  readonly y: number;
  readonly role: 'H1' | 'H2' | 'P';
  readonly language: string;
}

/** One page of the cover. */
export interface Sheet {
  readonly paragraphs: readonly PlacedParagraph[];
  /** How high the line stands that is drawn across the sheet, if there is one. */
  readonly rule: number | undefined;
}

/** The sizes of paper in points. */
export const papers = {
  a4: { width: 595.28, height: 841.89 },
  letter: { width: 612, height: 792 },
} as const satisfies Record<NonNullable<PdfCover['paper']>, { width: number; height: number }>;

/** Points that stay empty at the left and right, and at the bottom. */
export const margin = 60;
const bottom = 46;
const gutter = 30;
/** How far below the edge of the paper the lock begins: so that all languages fit on one sheet, and the higher one is not left empty at its foot. */
export const lockTop = (paper: keyof typeof papers): number =>
  60 + (papers[paper].height - papers.letter.height) / 2;
/** From there to the first text. */
const lockAndSpace = 74;

const large = {
  title: { face: 'bold', size: 28, leading: 38 },
  text: { face: 'regular', size: 13, leading: 18 },
  between: 7,
} as const;
const medium = {
  title: { face: 'bold', size: 14, leading: 20 },
  text: { face: 'regular', size: 11, leading: 15 },
  between: 5,
} as const;
const small = {
  title: { face: 'bold', size: 10, leading: 15 },
  text: { face: 'regular', size: 9, leading: 11.8 },
  between: 3,
} as const;

interface Placing {
  readonly sheets: { paragraphs: PlacedParagraph[]; rule: number | undefined }[];
  /** Where the next line's top is. */
  y: number;
}

/**
 * Sets the first text large, the others in two columns below it, a single one across them; what does not fit goes on to further sheets.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` for characters that the fonts of every reader lack
 */
export function layoutCover(texts: readonly CoverText[], paper: keyof typeof papers): readonly Sheet[] {
  const { width, height } = papers[paper];
  const top = height - lockTop(paper);
  const placing: Placing = { sheets: [{ paragraphs: [], rule: undefined }], y: top - lockAndSpace };
  const [first, ...others] = texts;
  const full = width - 2 * margin;
  if (first !== undefined)
    for (const block of setText(first, full, large, 'H1')) place(placing, [[{ ...block, x: margin }]], top);
  if (others.length === 0) return placing.sheets;

  placing.y -= 22;
  const sheet = placing.sheets.at(-1);
  if (sheet !== undefined && placing.y > bottom) sheet.rule = placing.y;
  placing.y -= 24;
  // One alone has the whole width, and can be larger.
  const inRow = others.length === 1 ? 1 : 2;
  const style = inRow === 1 ? medium : small;
  const column = (full - gutter * (inRow - 1)) / inRow;
  for (let i = 0; i < others.length; i += inRow) {
    const columns = others.slice(i, i + inRow).map((text, side) =>
      setText(text, column, style, 'H2').map((block) => ({
        ...block,
        x: margin + side * (column + gutter),
      })),
    );
    place(placing, columns, top);
    placing.y -= 17;
  }
  return placing.sheets;
}

type Block = SetParagraph & Pick<PlacedParagraph, 'role' | 'language'> & { readonly above: number };

function setText(
  { language, title, paragraphs }: CoverText,
  width: number,
  style: typeof large | typeof medium | typeof small,
  role: 'H1' | 'H2',
): readonly Block[] {
  return [
    { ...setBalanced(encoded(title), width, style.title), role, language, above: 0 },
    ...paragraphs.map((text) => ({
      ...setBalanced(encoded(text), width, style.text),
      role: 'P' as const,
      language,
      above: style.between,
    })),
  ];
}

/** Puts columns beside each other, on a new sheet if they do not fit on this one; of one that fits on none the rest is cut up. */
function place(placing: Placing, columns: readonly (readonly (Block & { x: number })[])[], top: number) {
  const columnHeight = (blocks: readonly Block[]): number =>
    blocks.reduce((sum, block) => sum + block.above + heightOf(block), 0);
  const needed = Math.max(...columns.map(columnHeight));
  const newSheet = (): void => {
    placing.sheets.push({ paragraphs: [], rule: undefined });
    placing.y = top;
  };
  if (placing.y - needed < bottom && placing.y < top - lockAndSpace) newSheet();
  let lowest = placing.y;
  for (const blocks of columns) {
    let y = placing.y;
    for (const block of blocks) {
      y -= block.above;
      placing.sheets.at(-1)?.paragraphs.push({ ...block, y: y - block.size });
      y -= heightOf(block);
    }
    lowest = Math.min(lowest, y);
  }
  placing.y = lowest;
}

function encoded(text: string): Uint8Array {
  const codes = winAnsi(text.replace(/\s+/g, ' ').trim());
  if (codes === undefined)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'A text for the cover page has characters that the fonts of every PDF reader lack: only those of Western European languages can be set. Give a whole PDF as the cover instead, with fonts in it.',
    );
  return codes;
}
