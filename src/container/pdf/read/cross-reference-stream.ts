import { maxima, type WaitOptions } from '../../../bytes/index.ts';
import type { PdfDictionary } from '../pdf-document.ts';
import type { CrossReferences } from './cross-references.ts';
import { damagedPdf } from './damage.ts';
import { decodeStream } from './decode-stream.ts';
import { asCount, asName, itemsOf } from './dictionary.ts';
import type { ReadingBudget } from './reading-budget.ts';
import type { ReadingWindows } from './reading-windows.ts';
import type { StoredObject } from './stored-object.ts';
import { endsAfter } from './stream-extent.ts';

/**
 * Reads a cross-reference stream (ISO 32000-2, 7.5.8) into `references` and gives its dictionary, which is a trailer too.
 *
 * @param base what is added to each offset
 * @param spend told how many entries there are, before they are read
 * @param budget what may be unpacked
 */
export async function readCrossReferenceStream(
  file: ReadingWindows,
  stored: StoredObject,
  base: number,
  references: CrossReferences,
  spend: (entries: number) => void,
  budget: ReadingBudget,
  options?: WaitOptions,
): Promise<PdfDictionary> {
  const { value, dataStart } = stored;
  if (typeof value !== 'object' || value?.kind !== 'dictionary' || dataStart === undefined)
    throw damagedPdf('there is no cross-reference stream where one should be');
  const { entries } = value;
  if (asName(entries.get('Type')) !== 'XRef')
    throw damagedPdf('the stream that should hold cross-references is another', dataStart);
  const length = asCount(entries.get('Length'));
  if (length === undefined || !(await endsAfter(file, dataStart, length, options)))
    throw damagedPdf('a cross-reference stream is not as long as it says', dataStart);
  const widths = itemsOf(entries.get('W')).map(asCount);
  const [kindWidth, placeWidth, detailWidth] = widths;
  if (
    !isWidth(kindWidth) ||
    !isWidth(placeWidth) ||
    !isWidth(detailWidth) ||
    kindWidth + placeWidth + detailWidth === 0
  )
    throw damagedPdf('a cross-reference stream does not say how wide its fields are', dataStart);
  const row = widths.reduce<number>((sum, width) => sum + (width ?? 0), 0);
  const sections = sectionsOf(value, dataStart);
  for (const { count } of sections) spend(count);

  const bytes = await decodeStream(
    value,
    file.slice(dataStart, length),
    maxima.pdfStructureBytes,
    // Whatever it refers to cannot be found before it is read.
    async (each) => (typeof each === 'object' && each?.kind === 'reference' ? null : (each ?? null)),
    Number.POSITIVE_INFINITY,
    options,
    budget.spend,
  );
  let at = 0;
  for (const { first, count } of sections) {
    if (at + count * row > bytes.length)
      throw damagedPdf('a cross-reference stream ends before its last entry', dataStart);
    for (let number = first; number < first + count; number++, at += row) {
      // Without a field for the kind, everything is in use.
      const kind = kindWidth === 0 ? 1 : field(bytes, at, kindWidth);
      const place = field(bytes, at + kindWidth, placeWidth);
      const detail = field(bytes, at + kindWidth + placeWidth, detailWidth);
      if (kind === 1) references.setOffset(number, place === 0 ? 0 : place + base, detail);
      else if (kind === 2) references.setInStream(number, place, detail);
      // Kinds that nobody knows yet mean null, as free ones do.
      else references.setFree(number);
    }
  }
  return value;
}

const isWidth = (width: number | undefined): width is number => width !== undefined && width <= 8;

function sectionsOf(dictionary: PdfDictionary, offset: number): { first: number; count: number }[] {
  const index = itemsOf(dictionary.entries.get('Index')).map(asCount);
  if (index.length === 0) index.push(0, asCount(dictionary.entries.get('Size')));
  const sections: { first: number; count: number }[] = [];
  for (let i = 0; i + 1 < index.length; i += 2) {
    const [first, count] = [index[i], index[i + 1]];
    if (first === undefined || count === undefined)
      throw damagedPdf('a cross-reference stream does not say which objects it has', offset);
    sections.push({ first, count });
  }
  return sections;
}

/** A big-endian number; what is too large to count with leads nowhere anyway. */
function field(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + (bytes[at + i] as number);
  return value;
}
