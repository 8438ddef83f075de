import { isDeepStrictEqual } from 'node:util';
import { memorySource } from '../../../src/bytes/index.ts';
import type { PdfValue } from '../../../src/container/index.ts';
import type { PdfObject } from '../../../src/container/pdf/pdf-document.ts';
import { asDictionary, asName } from '../../../src/container/pdf/read/dictionary.ts';
import { readPdf } from '../../../src/container/pdf/read/read-pdf.ts';

/** The objects of a document that are others in another: none, links, forms, attachments, page labels and metadata included. */
export async function differences(before: Uint8Array, after: Uint8Array): Promise<readonly string[]> {
  const [old, now] = [await readPdf(memorySource(before)), await readPdf(memorySource(after))];
  const found: string[] = [];
  for (const { number } of old.entries) {
    const object = await old.object(number);
    if (object === undefined || isStructure(object.value)) continue;
    const same = await now.object(number);
    if (!isDeepStrictEqual(withoutLength(same?.value ?? null), withoutLength(object.value)))
      found.push(`object ${number}`);
    const [data, sameData] = [await dataOf(object), await dataOf(same)];
    if (data === undefined ? sameData !== undefined : sameData === undefined || !data.equals(sameData))
      found.push(`stream ${number}`);
  }
  return found;
}

const dataOf = async (object: PdfObject | undefined): Promise<Buffer | undefined> =>
  object?.data && Buffer.from(await object.data.read(0, object.data.size ?? 0));

/** Lengths may be stated in an object of their own, or not. */
const withoutLength = (value: PdfValue): unknown => {
  const entries = asDictionary(value)?.entries;
  return entries === undefined ? value : new Map([...entries].filter(([key]) => key !== 'Length'));
};

/** Objects that belong to the file and not to the document: they may be laid out anew. */
function isStructure(value: PdfValue): boolean {
  const entries = asDictionary(value)?.entries;
  if (entries === undefined) return false;
  const type = asName(entries.get('Type'));
  // The hints of a linearized file have no type, but a number where others have a name.
  const hints = entries.get('S');
  const isHints = type === undefined && typeof hints === 'object' && hints?.kind === 'number';
  return type === 'ObjStm' || type === 'XRef' || entries.has('Linearized') || isHints;
}
