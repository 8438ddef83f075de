import { type MaybePromise, maxima, type WaitOptions } from '../../../bytes/index.ts';
import type { PdfDictionary, PdfDocument, PdfValue } from '../pdf-document.ts';
import { beyondPdfLimit } from '../read/damage.ts';
import { asDictionary, asName, isReference, itemsOf } from '../read/dictionary.ts';

/**
 * A stream's dictionary with its crypt filter and what that is told in it, where they may stand in other objects. A
 * dictionary without a crypt filter is given as it is.
 *
 * @throws SealwrightError `LIMIT_EXCEEDED` for more filters than a stream may have
 */
export function withDirectCryptFilter(
  document: PdfDocument,
  dictionary: PdfDictionary,
  options?: WaitOptions,
): MaybePromise<PdfDictionary> {
  const filters = itemsOf(dictionary.entries.get('Filter'));
  return filters.some((filter) => isReference(filter) || isCryptFilter(filter))
    ? withOwn(document, dictionary, options)
    : dictionary;
}

const isCryptFilter = (filter: PdfValue): boolean => asName(filter) === 'Crypt';

async function withOwn(
  document: PdfDocument,
  dictionary: PdfDictionary,
  options?: WaitOptions,
): Promise<PdfDictionary> {
  const itemsAt = async (key: string): Promise<PdfValue[]> => {
    const items = itemsOf(await document.resolve(dictionary.entries.get(key), options));
    if (items.length > maxima.pdfFilters) throw beyondPdfLimit('filters on a stream', maxima.pdfFilters);
    return [...items];
  };
  const filters: PdfValue[] = [];
  for (const filter of await itemsAt('Filter')) filters.push(await document.resolve(filter, options));
  const at = filters.findIndex(isCryptFilter);
  if (at < 0) return dictionary;
  const entries = new Map(dictionary.entries);
  entries.set('Filter', { kind: 'array', items: filters });
  const parameters = await itemsAt('DecodeParms');
  // Those of other filters stay where they are.
  const own = asDictionary(await document.resolve(parameters[at], options));
  if (own !== undefined) {
    const name = await document.resolve(own.entries.get('Name'), options);
    parameters[at] = { kind: 'dictionary', entries: new Map([['Name', name]]) };
  }
  if (parameters.length > 0) entries.set('DecodeParms', { kind: 'array', items: parameters });
  return { kind: 'dictionary', entries };
}
