import { concatBytes, encodeUtf8, maxima, memorySource } from '../../../../bytes/index.ts';
import { SealwrightError } from '../../../../errors.ts';
import type { PdfDictionary, PdfDocument, PdfReference, PdfValue } from '../../pdf-document.ts';
import { asDictionary, asName, itemsOf } from '../../read/dictionary.ts';
import { readPdf } from '../../read/read-pdf.ts';
import { pdfValueBytes } from '../../write-value.ts';
import type { CoverObjects, NumberedObject } from './cover-page.ts';

/** What pages take from the nodes above them (ISO 32000-2, 7.7.3.4). */
const inherited = ['Resources', 'MediaBox', 'CropBox', 'Rotate'] as const;

/** What pages say of structures of their document that stay behind. */
const leftBehind: ReadonlySet<string> = new Set(['Parent', 'StructParents', 'B', 'AA']);

/**
 * The pages of a whole PDF as the cover, with all that they show, as objects numbered from `first` (spec/pdf.md, "Cover
 * page"). Its outline, its scripts, its attachments and what it says of itself stay behind.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` for a document that cannot be read, is encrypted, or has no pages, and for
 *   one that is larger than a cover may be
 */
export async function coverFromDocument(bytes: Uint8Array, first: number): Promise<CoverObjects> {
  if (bytes.length > maxima.pdfCoverBytes)
    throw invalid(`has ${bytes.length} bytes, and a cover may have ${maxima.pdfCoverBytes}`);
  try {
    return await copiedPages(await readPdf(memorySource(bytes)), first);
  } catch (error) {
    if (error instanceof SealwrightError && error.code !== 'INVALID_ARGUMENT')
      throw invalid('cannot be read as a PDF', error);
    throw error;
  }
}

async function copiedPages(document: PdfDocument, first: number): Promise<CoverObjects> {
  if (document.encrypted) throw invalid('is encrypted');
  const pages = await pagesOf(document);
  if (pages.length === 0) throw invalid('has no pages');
  const root = first;
  const numbers = new Map<number, number>();
  const waiting: number[] = [];
  let next = first + 1;
  const take = (old: number): number => {
    const known = numbers.get(old);
    if (known !== undefined) return known;
    numbers.set(old, next);
    return next++;
  };
  for (const { number } of pages) take(number);
  const follow = (reference: PdfReference): PdfValue => {
    const isNew = !numbers.has(reference.number);
    const number = take(reference.number);
    if (isNew) waiting.push(reference.number);
    return { kind: 'reference', number, generation: 0 };
  };

  const objects: NumberedObject[] = [];
  let size = 0;
  const add = (number: number, parts: readonly Uint8Array[]): void => {
    const body = concatBytes(parts);
    size += body.length;
    if (size > maxima.pdfCoverBytes || objects.length > maxima.pdfCoverObjects) throw invalid('is too large');
    objects.push({ number, body });
  };
  const kids = pages.map(({ number }) => `${numbers.get(number)} 0 R`);
  add(root, [encodeUtf8(`<</Type /Pages/Count ${pages.length}/Kids [${kids.join(' ')}]>>`)]);
  for (const { number, page } of pages) {
    const entries = new Map<string, PdfValue>([
      ['Parent', { kind: 'reference', number: root, generation: 0 }],
    ]);
    for (const [key, value] of page.entries)
      if (!leftBehind.has(key)) entries.set(key, renumbered(value, follow));
    add(numbers.get(number) as number, [pdfValueBytes({ kind: 'dictionary', entries })]);
  }
  for (let old = waiting.pop(); old !== undefined; old = waiting.pop()) {
    const object = await document.object(old);
    const number = numbers.get(old) as number;
    // A page or a node that something leads to would bring its whole document along.
    if (object === undefined || isPageNode(object.value)) {
      add(number, [encodeUtf8('null')]);
      continue;
    }
    const value = renumbered(object.value, follow);
    if (object.data === undefined) add(number, [pdfValueBytes(value)]);
    else {
      const data = await object.data.read(0, object.data.size ?? 0);
      const entries = new Map((value as PdfDictionary).entries);
      entries.set('Length', { kind: 'number', text: String(data.length) });
      add(number, [
        pdfValueBytes({ kind: 'dictionary', entries }),
        encodeUtf8('stream\n'),
        data,
        encodeUtf8('\nendstream'),
      ]);
    }
  }
  return { objects, catalog: `/Pages ${root} 0 R` };
}

interface FoundPage {
  readonly number: number;
  /** With what it takes from above. */
  readonly page: PdfDictionary;
}

/** The pages in their order. Each node is visited once, so that a tree that leads back into itself has an end. */
async function pagesOf(document: PdfDocument): Promise<readonly FoundPage[]> {
  const catalog = asDictionary(await document.resolve(document.trailer.entries.get('Root')));
  const pages: FoundPage[] = [];
  const seen = new Set<number>();
  const waiting: { readonly value: PdfValue | undefined; readonly above: ReadonlyMap<string, PdfValue> }[] = [
    { value: catalog?.entries.get('Pages'), above: new Map() },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, above } = next;
    if (typeof value !== 'object' || value?.kind !== 'reference' || seen.has(value.number)) continue;
    seen.add(value.number);
    if (seen.size > maxima.pdfCoverObjects) throw invalid('is too large');
    const node = asDictionary((await document.object(value.number))?.value);
    if (node === undefined) continue;
    const passed = new Map(above);
    for (const key of inherited) {
      const own = node.entries.get(key);
      if (own !== undefined) passed.set(key, own);
    }
    if (node.entries.has('Kids')) {
      const kids = itemsOf(await document.resolve(node.entries.get('Kids')));
      for (const kid of [...kids].reverse()) waiting.push({ value: kid, above: passed });
    } else {
      pages.push({
        number: value.number,
        page: { kind: 'dictionary', entries: new Map([...node.entries, ...passed]) },
      });
    }
  }
  return pages;
}

const isPageNode = (value: PdfValue): boolean => {
  const type = asName(asDictionary(value)?.entries.get('Type'));
  return type === 'Page' || type === 'Pages' || type === 'Catalog';
};

/** The value with every reference leading to where its object will be. */
function renumbered(value: PdfValue, follow: (reference: PdfReference) => PdfValue): PdfValue {
  if (typeof value !== 'object' || value === null) return value;
  if (value.kind === 'reference') return follow(value);
  if (value.kind === 'array')
    return { kind: 'array', items: value.items.map((item) => renumbered(item, follow)) };
  if (value.kind !== 'dictionary') return value;
  const entries = new Map<string, PdfValue>();
  for (const [key, item] of value.entries) entries.set(key, renumbered(item, follow));
  return { kind: 'dictionary', entries };
}

const invalid = (what: string, cause?: SealwrightError): SealwrightError =>
  new SealwrightError(
    'INVALID_ARGUMENT',
    `The PDF that was given as the cover page ${what}. Give another, or leave it out to have ours.`,
    cause && { cause },
  );
