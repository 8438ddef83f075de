import {
  type ByteSource,
  concatBytes,
  concatenatedSource,
  encodeUtf8,
  sha256,
  type WaitOptions,
} from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { nextNumber } from '../next-number.ts';
import type { PdfDictionary, PdfDocument, PdfValue } from '../pdf-document.ts';
import { pdfValueBytes } from '../write-value.ts';
import { newestSection } from './newest-section.ts';
import { sectionStream, sectionTable } from './section.ts';

/** An object that is new, or takes the place of an older one. */
export interface UpdatedObject {
  readonly number: number;
  readonly generation: number;
  readonly value: PdfValue;
  /** The data of a stream, its filters done; the dictionary gets the length. */
  readonly data?: Uint8Array | undefined;
}

/** What is appended to a document. */
export interface PdfUpdate {
  readonly objects: readonly UpdatedObject[];
  /** Keys of the trailer that get another value. */
  readonly trailer?: ReadonlyMap<string, PdfValue> | undefined;
}

/**
 * A document with an incremental update behind it (spec/pdf.md, "Labels"; ISO 32000-2, 7.5.6): every byte of it stays,
 * and nothing of it is copied.
 *
 * @param document what `readPdf` read of `source`
 * @throws SealwrightError `MALFORMED_CONTAINER` for a document whose cross-references are damaged, `LIMIT_EXCEEDED` for
 *   one that its kind of cross-references can no longer hold
 */
export async function withUpdate(
  source: ByteSource,
  document: PdfDocument,
  update: PdfUpdate,
  options?: WaitOptions,
): Promise<ByteSource> {
  const { start, table, endsLine } = await newestSection(source, document, options);
  const size = source.size as number;
  const parts: Uint8Array[] = endsLine ? [] : [encodeUtf8('\n')];
  let at = size + (endsLine ? 0 : 1);
  const places: { number: number; generation: number; offset: number }[] = [];
  for (const object of [...update.objects].sort((a, b) => a.number - b.number)) {
    places.push({ number: object.number, generation: object.generation, offset: at });
    const bytes = objectBytes(object);
    parts.push(bytes);
    at += bytes.length;
  }
  const next = Math.max(nextNumber(document), ...update.objects.map(({ number }) => number + 1));
  const trailer = new Map([...document.trailer.entries, ...(update.trailer ?? [])]);
  renewId(trailer, parts);
  trailer.delete('Size');
  trailer.set('Prev', { kind: 'number', text: String(start) });
  if (table && at > 9_999_999_999)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      'The PDF is too large for its kind of cross-references to hold a change. Save it as PDF 1.5 or newer first.',
    );
  parts.push(table ? sectionTable(places, at, next, trailer) : sectionStream(places, at, next, trailer));
  return concatenatedSource([source, ...parts]);
}

function objectBytes({ number, generation, value, data }: UpdatedObject): Uint8Array {
  const start = encodeUtf8(`${number} ${generation} obj\n`);
  if (data === undefined) return concatBytes([start, pdfValueBytes(value), encodeUtf8('\nendobj\n')]);
  const entries = new Map((value as PdfDictionary).entries);
  entries.set('Length', { kind: 'number', text: String(data.length) });
  return concatBytes([
    start,
    pdfValueBytes({ kind: 'dictionary', entries }),
    encodeUtf8('stream\n'),
    data,
    encodeUtf8('\nendstream\nendobj\n'),
  ]);
}

/** The second half of the identifier says which version of the document it is (ISO 32000-2, 14.4). */
function renewId(trailer: Map<string, PdfValue>, parts: readonly Uint8Array[]): void {
  const id = trailer.get('ID');
  if (typeof id !== 'object' || id?.kind !== 'array' || id.items.length !== 2) return;
  const bytes = sha256(concatBytes([pdfValueBytes(id), ...parts])).subarray(0, 16);
  trailer.set('ID', { kind: 'array', items: [id.items[0] as PdfValue, { kind: 'string', bytes }] });
}
