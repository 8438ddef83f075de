import { SealwrightError } from '../../../../errors.ts';
import type { CoverText, PdfCover } from '../../settings.ts';
import { winAnsi } from './helvetica.ts';
import { heightOf, type SetParagraph, setParagraph } from './set-text.ts';

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

/** Points that stay empty at the left and right, at the bottom, and above the lock. */
export const margin = 68;
const bottom = 54;
/** How far below the edge of the paper the lock ends and the first text begins. */
export const lockTop = 84;
const textTop = 164;
const gutter = 32;

const large = {
  title: { face: 'bold', size: 27, leading: 38 },
  text: { face: 'regular', size: 11.5, leading: 17 },
  between: 8,
} as const;
const small = {
  title: { face: 'bold', size: 9.5, leading: 14.5 },
  text: { face: 'regular', size: 8.5, leading: 11.6 },
  between: 2.5,
} as const;

interface Placing {
  readonly sheets: { paragraphs: PlacedParagraph[]; rule: number | undefined }[];
  /** Where the next line's top is. */
  y: number;
}

/**
 * Sets the first text large, the others in two columns below it; what does not fit goes on to further sheets.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` for characters that the fonts of every reader lack
 */
export function layoutCover(texts: readonly CoverText[], paper: keyof typeof papers): readonly Sheet[] {
  const { width, height } = papers[paper];
  const placing: Placing = { sheets: [{ paragraphs: [], rule: undefined }], y: height - textTop };
  const [first, ...others] = texts;
  const full = width - 2 * margin;
  if (first !== undefined)
    for (const block of setText(first, full, large, 'H1'))
      place(placing, [[{ ...block, x: margin }]], height);
  if (others.length === 0) return placing.sheets;

  placing.y -= 26;
  const sheet = placing.sheets.at(-1);
  if (sheet !== undefined && placing.y > bottom) sheet.rule = placing.y;
  placing.y -= 30;
  const column = (full - gutter) / 2;
  for (let i = 0; i < others.length; i += 2) {
    const columns = others.slice(i, i + 2).map((text, side) =>
      setText(text, column, small, 'H2').map((block) => ({
        ...block,
        x: margin + side * (column + gutter),
      })),
    );
    place(placing, columns, height);
    placing.y -= 17;
  }
  return placing.sheets;
}

type Block = SetParagraph & Pick<PlacedParagraph, 'role' | 'language'> & { readonly above: number };

function setText(
  { language, title, paragraphs }: CoverText,
  width: number,
  style: typeof large | typeof small,
  role: 'H1' | 'H2',
): readonly Block[] {
  return [
    { ...setParagraph(encoded(title), width, style.title), role, language, above: 0 },
    ...paragraphs.map((text) => ({
      ...setParagraph(encoded(text), width, style.text),
      role: 'P' as const,
      language,
      above: style.between,
    })),
  ];
}

/** Puts columns beside each other, on a new sheet if they do not fit on this one; of one that fits on none the rest is cut up. */
function place(placing: Placing, columns: readonly (readonly (Block & { x: number })[])[], height: number) {
  const columnHeight = (blocks: readonly Block[]): number =>
    blocks.reduce((sum, block) => sum + block.above + heightOf(block), 0);
  const needed = Math.max(...columns.map(columnHeight));
  const newSheet = (): void => {
    placing.sheets.push({ paragraphs: [], rule: undefined });
    placing.y = height - lockTop;
  };
  if (placing.y - needed < bottom && placing.y < height - textTop) newSheet();
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
