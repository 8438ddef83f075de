import { type ByteSource, maxima, memorySource, type WaitOptions } from '../../../bytes/index.ts';
import type { PdfDictionary, PdfValue } from '../pdf-document.ts';
import { beyondPdfLimit, damagedPdf, unsupportedPdf } from './damage.ts';
import { asCount, asDictionary, asName, itemsOf } from './dictionary.ts';
import { inflate } from './inflate.ts';
import { withoutPrediction } from './predictor.ts';

/** Gives what a value is, references followed. */
export type Resolve = (value: PdfValue | undefined) => Promise<PdfValue>;

/**
 * The data of a stream with its filters undone (ISO 32000-2, 7.4): none, or Flate with a predictor.
 *
 * @param data the stored bytes
 * @param limit bytes they may decode to
 * @param enough bytes after which the rest does not matter; only of use without a predictor
 * @param spend told how many bytes were unpacked, as they come
 */
export async function decodeStream(
  dictionary: PdfDictionary,
  data: ByteSource,
  limit: number,
  resolve: Resolve,
  enough = Number.POSITIVE_INFINITY,
  options?: WaitOptions,
  spend?: (bytes: number) => void,
): Promise<Uint8Array> {
  const { entries } = dictionary;
  if (entries.has('F'))
    throw unsupportedPdf('a stream of its structure is in another file', 'external-stream');
  const filters = itemsOf(await resolve(entries.get('Filter')));
  const parameters = itemsOf(await resolve(entries.get('DecodeParms') ?? entries.get('DP')));
  if (filters.length > maxima.pdfFilters) throw beyondPdfLimit('filters on a stream', maxima.pdfFilters);
  let current = data;
  for (const [i, each] of filters.entries()) {
    const filter = asName(await resolve(each));
    const own = asDictionary(await resolve(parameters[i]));
    if (filter === 'FlateDecode' || filter === 'Fl') {
      const prediction = await predictionOf(own, resolve);
      const stopAt = prediction.predictor > 1 || i < filters.length - 1 ? Number.POSITIVE_INFINITY : enough;
      const unpacked = await inflate(current, limit, stopAt, options, spend);
      current = memorySource(withoutPrediction(unpacked, prediction));
    } else if (filter !== 'Crypt' || (asName(own?.entries.get('Name')) ?? 'Identity') !== 'Identity')
      throw unsupportedPdf('a stream of its structure is compressed otherwise than with Flate', 'filter');
  }
  const size = current.size ?? 0;
  if (size > limit) throw beyondPdfLimit('bytes in a stream', limit);
  const bytes = await current.read(0, size, options);
  if (bytes.length < size) throw damagedPdf('it ends inside a stream');
  // What a source gives may change with the next read.
  return current === data ? bytes.slice() : bytes;
}

async function predictionOf(parameters: PdfDictionary | undefined, resolve: Resolve) {
  const count = async (key: string, otherwise: number): Promise<number> =>
    asCount(await resolve(parameters?.entries.get(key))) ?? otherwise;
  return {
    predictor: await count('Predictor', 1),
    colors: await count('Colors', 1),
    bitsPerComponent: await count('BitsPerComponent', 8),
    columns: await count('Columns', 1),
  };
}
