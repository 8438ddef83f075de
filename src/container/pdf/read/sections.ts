import { maxima, type WaitOptions } from '../../../bytes/index.ts';
import type { PdfDictionary, PdfValue } from '../pdf-document.ts';
import { readCrossReferenceStream } from './cross-reference-stream.ts';
import { readTable } from './cross-reference-table.ts';
import { type CrossReferences, crossReferences } from './cross-references.ts';
import { type Cursor, takeWord } from './cursor.ts';
import { beyondPdfLimit, damagedPdf } from './damage.ts';
import { asCount } from './dictionary.ts';
import { parseAt } from './parse-at.ts';
import { parseValue } from './parse-value.ts';
import { readingBudget } from './reading-budget.ts';
import type { ReadingWindows } from './reading-windows.ts';
import { parseStoredObject, type StoredObject } from './stored-object.ts';

/** What the cross-references of a document say. */
export interface DocumentSections {
  readonly references: CrossReferences;
  readonly trailer: PdfDictionary;
  /** File offsets of the cross-reference streams among them. */
  readonly streams: ReadonlySet<number>;
}

/** Keys of a cross-reference stream that say nothing of the document. */
const ownKeys = new Set([
  'Type',
  'W',
  'Index',
  'Length',
  'Filter',
  'DecodeParms',
  'F',
  'FFilter',
  'FDecodeParms',
  'DL',
  'Prev',
  'XRefStm',
]);

/** Adds the keys of an older trailer that `trailer` lacks. */
export function addTrailer(trailer: Map<string, PdfValue>, older: PdfDictionary): void {
  for (const [key, value] of older.entries)
    if (!ownKeys.has(key) && !trailer.has(key)) trailer.set(key, value);
}

/**
 * Reads the cross-references from the newest on, of every update (ISO 32000-2, 7.5.6) and of both kinds (7.5.8.4).
 *
 * @param start file offset of the newest
 * @param bases what may have to be added to an offset that the file states: 0, and where the header begins
 */
export async function readSections(
  file: ReadingWindows,
  start: number,
  bases: readonly number[],
  options?: WaitOptions,
): Promise<DocumentSections> {
  const references = crossReferences(file.size);
  const trailer = new Map<string, PdfValue>();
  const streams = new Set<number>();
  const seen = new Set<number>();
  const budget = readingBudget(file.size);
  let entries = 0;
  const spend = (count: number): void => {
    entries += count;
    if (entries > maxima.pdfCrossReferences)
      throw beyondPdfLimit('cross-references', maxima.pdfCrossReferences);
  };
  let base: number | undefined;

  /** What is at an offset. Sections may lie within one another, so that what each takes counts. */
  const parsed = <T>(offset: number, parse: (cursor: Cursor) => T): Promise<T> =>
    parseAt(
      file,
      offset,
      (cursor) => {
        try {
          return parse(cursor);
        } finally {
          budget.spend(cursor.at);
        }
      },
      options,
    );

  /** The section at an offset that the file states, and what has to be added to offsets. */
  async function find(stated: number): Promise<Section> {
    for (const each of base === undefined ? bases : [base]) {
      if (stated + each >= file.size) continue;
      const section = await parsed(stated + each, sectionAt);
      if (section === undefined) continue;
      base = each;
      return section;
    }
    throw damagedPdf('there are no cross-references where some should be', stated);
  }

  async function readStream(stored: StoredObject, offset: number): Promise<PdfDictionary> {
    streams.add(offset);
    return readCrossReferenceStream(file, stored, base ?? 0, references, spend, budget, options);
  }

  for (let stated: number | undefined = start; stated !== undefined && !seen.has(stated); ) {
    options?.signal?.throwIfAborted();
    seen.add(stated);
    if (seen.size > maxima.pdfSections) throw beyondPdfLimit('updates', maxima.pdfSections, stated);
    const section = await find(stated);
    let dictionary: PdfDictionary;
    if (section.kind === 'stream') dictionary = await readStream(section.stored, stated + (base ?? 0));
    else {
      const table = await readTable(file, section.next, base ?? 0, references, spend, options);
      const value = await parsed(table.trailer, parseValue);
      if (typeof value !== 'object' || value?.kind !== 'dictionary')
        throw damagedPdf('a trailer is no dictionary', table.trailer);
      dictionary = value;
      const hybrid = asCount(value.entries.get('XRefStm'));
      if (hybrid !== undefined && !seen.has(hybrid)) {
        seen.add(hybrid);
        const other = await find(hybrid);
        if (other.kind === 'stream') await readStream(other.stored, hybrid + (base ?? 0));
      }
      for (const number of table.free) references.setFree(number);
    }
    addTrailer(trailer, dictionary);
    // Some programs write 0 where nothing comes before.
    stated = asCount(dictionary.entries.get('Prev')) || undefined;
  }
  return { references, trailer: { kind: 'dictionary', entries: trailer }, streams };
}

type Section =
  | { readonly kind: 'table'; readonly next: number }
  | { readonly kind: 'stream'; readonly stored: StoredObject };

function sectionAt(cursor: Cursor): Section | undefined {
  if (takeWord(cursor, 'xref')) return { kind: 'table', next: cursor.start + cursor.at };
  const stored = parseStoredObject(cursor);
  return stored?.dataStart === undefined ? undefined : { kind: 'stream', stored };
}
