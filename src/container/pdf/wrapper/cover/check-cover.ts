import type { PdfCover } from '../../settings.ts';
import { coverFromDocument } from './cover-document.ts';
import { coverPage } from './cover-page.ts';

/**
 * Makes a cover page and throws it away: whoever protects many files hears of a mistake before the first of them.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` for a cover page that cannot be made
 * @see spec/pdf.md, "Cover page"
 *
 * @example
 * ```ts
 * await checkCover({ languages: ['de', 'en'] });
 * ```
 */
export async function checkCover(cover: PdfCover): Promise<void> {
  if (cover.document === undefined) coverPage(cover, 1);
  else await coverFromDocument(cover.document, 1);
}
