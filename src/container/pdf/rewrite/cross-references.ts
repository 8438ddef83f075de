import { SealwrightError } from '../../../errors.ts';
import type { PdfDictionary, PdfNumber, PdfValue } from '../pdf-document.ts';
import { pdfValueBytes } from '../write-value.ts';
import type { ObjectPlace, ObjectPlaces } from './object-places.ts';
import type { PdfOutput } from './pdf-output.ts';

/** Offsets in a table have ten digits. */
export const mostTableOffset = 9_999_999_999;

const number = (value: number): PdfNumber => ({ kind: 'number', text: String(value) });

/** Neighbouring numbers, from `first` on. */
interface Section {
  readonly first: number;
  count: number;
}

/** Numbers without an object that are stated as free ones; a wider gap begins a new section. */
const widestGap = 1024;

/** The sections that the numbers fall into, that of object 0 included. */
function sectionsOf(places: ObjectPlaces, own?: number): Section[] {
  let last: Section = { first: 0, count: 1 };
  const sections = [last];
  const add = (entry: number): void => {
    if (entry - (last.first + last.count) <= widestGap) last.count = entry - last.first + 1;
    else {
      last = { first: entry, count: 1 };
      sections.push(last);
    }
  };
  for (const place of places.ascending()) add(place.number);
  if (own !== undefined) add(own);
  return sections;
}

/** Every number of `section` with its place; `undefined` for one that is free. */
function* entriesOf(
  sections: readonly Section[],
  places: Generator<ObjectPlace>,
): Generator<readonly [section: Section, place: ObjectPlace | undefined, index: number]> {
  let place = places.next();
  for (const section of sections)
    for (let index = 0; index < section.count; index++) {
      const found = !place.done && place.value.number === section.first + index ? place.value : undefined;
      if (found !== undefined) place = places.next();
      yield [section, found, index];
    }
}

/**
 * Writes a cross-reference table, the trailer and the end of the file (ISO 32000-2, 7.5.4 and 7.5.5).
 *
 * @param trailer without `/Size`
 */
export async function writeTable(
  output: PdfOutput,
  places: ObjectPlaces,
  trailer: ReadonlyMap<string, PdfValue>,
): Promise<void> {
  const start = output.position;
  await output.text('xref\n');
  for (const [section, place, index] of entriesOf(sectionsOf(places), places.ascending())) {
    if (index === 0) await output.text(`${section.first} ${section.count}\n`);
    const waiting = output.text(
      place === undefined
        ? '0000000000 65535 f \n'
        : `${String(place.at).padStart(10, '0')} ${String(place.detail).padStart(5, '0')} n \n`,
    );
    if (waiting !== undefined) await waiting;
  }
  await output.text('trailer\n');
  await output.write(pdfValueBytes(dictionaryOf(trailer, [['Size', number(places.highest + 1)]])));
  await output.text(`\nstartxref\n${start}\n%%EOF\n`);
}

/**
 * Writes a cross-reference stream and the end of the file (ISO 32000-2, 7.5.8). It is not packed, so that the same document
 * gives the same bytes everywhere.
 *
 * @param own the number of the stream itself, above all others
 * @param trailer without `/Size`
 */
export async function writeStream(
  output: PdfOutput,
  places: ObjectPlaces,
  own: number,
  trailer: ReadonlyMap<string, PdfValue>,
): Promise<void> {
  const start = output.position;
  const sections = sectionsOf(places, own);
  const offsetBytes = bytesFor(Math.max(start, places.highest));
  let mostDetail = 0xffff;
  for (const { detail } of places.ascending()) mostDetail = Math.max(mostDetail, detail);
  const detailBytes = bytesFor(mostDetail);
  const width = 1 + offsetBytes + detailBytes;
  const entries = sections.reduce((sum, { count }) => sum + count, 0);
  const index = sections.flatMap(({ first, count }) => [number(first), number(count)]);
  const dictionary = dictionaryOf(trailer, [
    ['Type', { kind: 'name', text: 'XRef' }],
    ['Size', number(own + 1)],
    ['W', { kind: 'array', items: [number(1), number(offsetBytes), number(detailBytes)] }],
    ['Index', { kind: 'array', items: index }],
    ['Length', number(entries * width)],
  ]);
  await output.text(`${own} 0 obj\n`);
  await output.write(pdfValueBytes(dictionary));
  await output.text('stream\n');
  const entry = new Uint8Array(width);
  const write = (type: number, at: number, detail: number) => {
    entry[0] = type;
    bigEndian(entry, 1, offsetBytes, at);
    bigEndian(entry, 1 + offsetBytes, detailBytes, detail);
    return output.write(entry);
  };
  const last = { number: own, inStream: false, at: start, detail: 0 };
  for (const [, place] of entriesOf(sections, followedBy(places.ascending(), last))) {
    const waiting =
      place === undefined ? write(0, 0, 0xffff) : write(place.inStream ? 2 : 1, place.at, place.detail);
    if (waiting !== undefined) await waiting;
  }
  await output.text(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`);
}

function* followedBy(places: Generator<ObjectPlace>, last: ObjectPlace): Generator<ObjectPlace> {
  yield* places;
  yield last;
}

const dictionaryOf = (
  trailer: ReadonlyMap<string, PdfValue>,
  own: readonly (readonly [string, PdfValue])[],
): PdfDictionary => ({ kind: 'dictionary', entries: new Map([...own, ...trailer]) });

/** Bytes that hold any number up to `most`. */
function bytesFor(most: number): number {
  let bytes = 1;
  for (let left = Math.floor(most / 256); left > 0; left = Math.floor(left / 256)) bytes++;
  return bytes;
}

function bigEndian(target: Uint8Array, offset: number, length: number, value: number): void {
  let left = value;
  for (let i = offset + length - 1; i >= offset; i--) {
    target[i] = left % 256;
    left = Math.floor(left / 256);
  }
}

/** Refuses a table for a file whose offsets it cannot hold. */
export function checkTableOffset(offset: number): void {
  if (offset <= mostTableOffset) return;
  throw new SealwrightError(
    'LIMIT_EXCEEDED',
    `The PDF is larger than a cross-reference table can state (${mostTableOffset} bytes). Save it as PDF 1.5 or newer first.`,
  );
}
