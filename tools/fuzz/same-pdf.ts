import type { PdfDocument, PdfObject, PdfValue } from '../../src/container/pdf/pdf-document.ts';
import { asDictionary, asName } from '../../src/container/pdf/read/dictionary.ts';
import { keptTrailer } from '../../src/container/pdf/rewrite/kept-trailer.ts';
import { linearizationObjects } from '../../src/container/pdf/rewrite/linearization.ts';
import { pdfValueBytes } from '../../src/container/pdf/write-value.ts';
import { must } from './target.ts';
import { wholeSource } from './whole-source.ts';

/**
 * Makes sure that `opened` is `document` written again as spec/pdf.md, "Payload" says: the same objects under the same numbers,
 * but for what describes the layout of the file.
 */
export async function mustBeSamePdf(document: PdfDocument, opened: PdfDocument): Promise<void> {
  const leftOut = await linearizationObjects(document);
  for (const { number } of document.entries) {
    if (leftOut.has(number)) continue;
    const object = await document.object(number);
    if (object === undefined || isLayout(object)) continue;
    const other = await opened.object(number);
    must(other !== undefined, `object ${number} is gone`);
    const filters = !hasCryptFilter(object);
    must(
      equal(comparable(object, filters), comparable(other, filters)),
      `object ${number} says something else`,
    );
    must((object.data === undefined) === (other.data === undefined), `object ${number} is a stream or none`);
    if (object.data !== undefined && other.data !== undefined)
      must(
        equal(await wholeSource(object.data), await wholeSource(other.data)),
        `stream ${number} has other data`,
      );
  }
  const trailer = keptTrailer(opened);
  for (const [key, value] of keptTrailer(document)) {
    const other = trailer.get(key) ?? null;
    const same = hasStrings(value) && key !== 'ID' ? await opened.resolve(other) : other;
    must(equal(pdfValueBytes(value), pdfValueBytes(same)), `the trailer has another /${key}`);
  }
}

const equal = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/** Cross-references and object streams: how a file is laid out. */
const isLayout = ({ value, data }: PdfObject): boolean =>
  data !== undefined && /^(?:XRef|ObjStm)$/.test(asName(asDictionary(value)?.entries.get('Type')) ?? '');

/** Whether a stream names a way of encrypting, which is left out. */
const hasCryptFilter = ({ value, data }: PdfObject): boolean =>
  data !== undefined && Buffer.from(pdfValueBytes(value)).includes('/Crypt');

/** What must be the same: not the length, which is written anew. */
function comparable({ value, data }: PdfObject, filters: boolean): Uint8Array {
  const dictionary = data === undefined ? undefined : asDictionary(value);
  if (dictionary === undefined) return pdfValueBytes(value);
  const entries = new Map(dictionary.entries);
  entries.delete('Length');
  if (!filters) for (const key of ['Filter', 'DecodeParms']) entries.delete(key);
  return pdfValueBytes({ kind: 'dictionary', entries });
}

function hasStrings(value: PdfValue): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (value.kind === 'array') return value.items.some(hasStrings);
  if (value.kind === 'dictionary') return [...value.entries.values()].some(hasStrings);
  return value.kind === 'string';
}
