import { maxima } from '../../bytes/index.ts';
import type { PdfDocument } from './pdf-document.ts';
import { beyondPdfLimit } from './read/damage.ts';
import { asCount } from './read/dictionary.ts';

/**
 * The lowest number that no object of the document has or, as far as it says so, had.
 *
 * @param count how many numbers are wanted from there on
 * @throws SealwrightError `LIMIT_EXCEEDED` for a document that has not so many left
 */
export function nextNumber({ trailer, entries }: PdfDocument, count = 1): number {
  let next = 1;
  for (const { number } of entries) next = Math.max(next, number + 1);
  if (next + count - 1 > maxima.pdfObjects) throw beyondPdfLimit('objects', maxima.pdfObjects);
  // A size that leaves no room is no true one.
  const stated = asCount(trailer.entries.get('Size')) ?? 0;
  return stated + count - 1 > maxima.pdfObjects ? next : Math.max(next, stated);
}
