import { concatBytes, encodeUtf8 } from '../../../bytes/index.ts';
import type { PdfValue } from '../pdf-document.ts';
import { pdfValueBytes } from '../write-value.ts';

/** Where an object is that the section tells of. */
export interface SectionPlace {
  readonly number: number;
  readonly generation: number;
  readonly offset: number;
}

/** A cross-reference table of an update and its trailer (ISO 32000-2, 7.5.4). Places ascend by number. */
export function sectionTable(
  places: readonly SectionPlace[],
  start: number,
  size: number,
  trailer: ReadonlyMap<string, PdfValue>,
): Uint8Array {
  const lines = places.map(
    ({ number, generation, offset }) =>
      `${number} 1\n${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} n \n`,
  );
  return concatBytes([
    encodeUtf8(`xref\n${lines.join('')}trailer\n`),
    pdfValueBytes({ kind: 'dictionary', entries: new Map([['Size', count(size)], ...trailer]) }),
    encodeUtf8(`\nstartxref\n${start}\n%%EOF\n`),
  ]);
}

/** Bytes of an offset: enough for any file. */
const offsetBytes = 6;

/** The same as a cross-reference stream (ISO 32000-2, 7.5.8), which gets the number `size`. */
export function sectionStream(
  places: readonly SectionPlace[],
  start: number,
  size: number,
  trailer: ReadonlyMap<string, PdfValue>,
): Uint8Array {
  const all = [...places, { number: size, generation: 0, offset: start }];
  const width = 1 + offsetBytes + 2;
  const data = new Uint8Array(all.length * width);
  all.forEach(({ generation, offset }, i) => {
    const at = i * width;
    data[at] = 1;
    let left = offset;
    for (let k = offsetBytes; k > 0; k--) {
      data[at + k] = left % 256;
      left = Math.floor(left / 256);
    }
    data[at + width - 2] = generation >> 8;
    data[at + width - 1] = generation & 0xff;
  });
  const entries = new Map<string, PdfValue>([
    ['Type', { kind: 'name', text: 'XRef' }],
    ['Size', count(size + 1)],
    ['W', { kind: 'array', items: [count(1), count(offsetBytes), count(2)] }],
    ['Index', { kind: 'array', items: all.flatMap(({ number }) => [count(number), count(1)]) }],
    ['Length', count(data.length)],
    ...trailer,
  ]);
  return concatBytes([
    encodeUtf8(`${size} 0 obj\n`),
    pdfValueBytes({ kind: 'dictionary', entries }),
    encodeUtf8('stream\n'),
    data,
    encodeUtf8(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`),
  ]);
}

const count = (value: number): PdfValue => ({ kind: 'number', text: String(value) });
