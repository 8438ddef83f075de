import { maxima, type WaitOptions } from '../../../bytes/index.ts';
import type { PdfDictionary, PdfObjectEntry, PdfValue } from '../pdf-document.ts';
import { type CrossReferences, crossReferences } from './cross-references.ts';
import { beyondPdfLimit, isDamage, isEncryption } from './damage.ts';
import { asDictionary, asName } from './dictionary.ts';
import type { DocumentFile } from './document-file.ts';
import type { ObjectReader } from './read-object.ts';
import type { FileScan } from './scan.ts';
import { addTrailer } from './sections.ts';

/**
 * A trailer made of all that were found, the newer before the older ones, and those that lead to a catalog before others; if
 * none does, the last catalog that there is. `undefined` if there is no catalog.
 */
export async function rebuiltTrailer(
  scan: FileScan,
  document: DocumentFile,
  reader: ObjectReader,
  options?: WaitOptions,
): Promise<PdfDictionary | undefined> {
  const newestFirst = [...scan.trailers].reverse();
  const roots = new Map<number, boolean>();
  const leads = async ({ entries }: PdfDictionary): Promise<boolean> => {
    const root = entries.get('Root');
    if (typeof root !== 'object' || root?.kind !== 'reference') return false;
    const known = roots.get(root.number) ?? (await isCatalog(root.number, reader, options));
    roots.set(root.number, known);
    return known;
  };
  const entries = new Map<string, PdfValue>();
  for (const each of newestFirst) if (await leads(each)) addTrailer(entries, each);
  const rooted = entries.has('Root');
  for (const each of newestFirst) addTrailer(entries, each);
  if (!rooted) {
    const catalog = await lastCatalog(document, reader, options);
    if (catalog !== undefined)
      entries.set('Root', { kind: 'reference', number: catalog.number, generation: catalog.generation });
    // The catalog of an encrypted document may be in an object stream.
    else if (!entries.has('Encrypt') || !entries.has('Root')) return undefined;
  }
  return { kind: 'dictionary', entries };
}

async function lastCatalog(
  { entries }: DocumentFile,
  reader: ObjectReader,
  options?: WaitOptions,
): Promise<PdfObjectEntry | undefined> {
  let found: PdfObjectEntry | undefined;
  for (const entry of entries) if (await isCatalog(entry.number, reader, options)) found = entry;
  return found;
}

async function isCatalog(number: number, reader: ObjectReader, options?: WaitOptions): Promise<boolean> {
  try {
    const object = await reader.object(number, options);
    return asName(asDictionary(object?.value)?.entries.get('Type')) === 'Catalog';
  } catch (error) {
    if (isDamage(error) || isEncryption(error)) return false;
    throw error;
  }
}

/**
 * What was found, and the objects in the object streams among it. Of two objects of a number the later one counts, those
 * of an object stream being where it is.
 */
export async function withObjectStreams(
  scan: FileScan,
  reader: ObjectReader,
  fileSize: number,
  options?: WaitOptions,
): Promise<CrossReferences> {
  const references = crossReferences(fileSize);
  for (const [number, place] of scan.objects.inUse())
    if (place.kind === 'offset') references.setOffset(number, place.offset, place.generation);
  const streams = new Set(scan.objectStreams);
  let pairs = 0;
  for (const stream of scan.objectStreams) {
    const place = scan.objects.find(stream);
    const numbers = place?.kind === 'offset' ? await numbersIn(stream, reader, options) : [];
    pairs += numbers.length;
    if (pairs > maxima.pdfCrossReferences) throw beyondPdfLimit('objects', maxima.pdfCrossReferences);
    for (const [index, number] of numbers.entries()) {
      const other = scan.objects.find(number);
      const later = other?.kind === 'offset' && place?.kind === 'offset' && other.offset > place.offset;
      if (later || streams.has(number) || number > maxima.pdfObjects) continue;
      references.clear(number);
      references.setInStream(number, stream, index);
    }
  }
  return references;
}

/** An object stream that cannot be read has no objects, as one that is not there. */
async function numbersIn(
  stream: number,
  reader: ObjectReader,
  options?: WaitOptions,
): Promise<readonly number[]> {
  try {
    return (await reader.contentsOf(stream, options)).numbers;
  } catch (error) {
    if (isDamage(error) || isEncryption(error)) return [];
    throw error;
  }
}
