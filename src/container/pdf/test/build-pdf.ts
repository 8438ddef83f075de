import { zlibSync } from 'fflate';
import { concatBytes } from '../../../bytes/index.ts';

/** Text with one byte for each character. */
export const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

/** Where the builder put an object. */
export type BuiltPlace =
  | { readonly offset: number; readonly generation: number }
  | { readonly stream: number; readonly index: number }
  | 'free';

export interface StreamOptions {
  readonly generation?: number;
  /** What `/Length` says; by default what it is. `undefined` leaves it out. */
  readonly length?: string | undefined;
  readonly deflate?: boolean;
  /** What stands behind the data; by default a new line, `endstream` and another. */
  readonly end?: string;
}

export interface SectionOptions {
  /** Objects it tells of; by default those that were added since the last section. */
  readonly only?: readonly number[];
  /** Offset of the section before it; by default the last one. `undefined` for none. */
  readonly prev?: number | undefined;
  /** Added to what it says of offsets. */
  readonly shift?: number;
}

/** Puts a PDF together piece by piece, as it stands in the file, true or not. Texts have one byte for each character. */
export interface PdfBuilder {
  /** Bytes so far. */
  readonly length: number;
  /** The places of objects that no section tells of yet. */
  readonly pending: Map<number, BuiltPlace>;
  /** Offset of the last section. */
  readonly lastSection: number | undefined;
  raw(text: string | Uint8Array): PdfBuilder;
  /** `12 0 obj`, `text`, `endobj`. */
  object(number: number, text: string, generation?: number): PdfBuilder;
  /** @param entries the dictionary without `<<`, `>>`, `/Length` and `/Filter` */
  stream(number: number, entries: string, data: string | Uint8Array, options?: StreamOptions): PdfBuilder;
  objectStream(
    number: number,
    objects: readonly (readonly [number: number, text: string])[],
    options?: StreamOptions & { readonly entries?: string },
  ): PdfBuilder;
  free(number: number): PdfBuilder;
  /** A cross-reference table and its trailer: the dictionary without `<<` and `>>`. */
  table(trailer: string, options?: SectionOptions & { readonly entryEnd?: string }): PdfBuilder;
  /** A cross-reference stream. */
  crossReferences(
    number: number,
    trailer: string,
    options?: SectionOptions & {
      readonly widths?: readonly [number, number, number];
      readonly predictor?: boolean;
    },
  ): PdfBuilder;
  /** `startxref` of the last section, or of `offset`, and the end of the file. */
  end(offset?: number): PdfBuilder;
  bytes(): Uint8Array;
}

/** @param header the first bytes */
export function buildPdf(header = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'): PdfBuilder {
  const parts: Uint8Array[] = [];
  const pending = new Map<number, BuiltPlace>();
  let length = 0;
  let lastSection: number | undefined;

  const add = (piece: string | Uint8Array): void => {
    const bytes = typeof piece === 'string' ? latin1(piece) : piece;
    parts.push(bytes);
    length += bytes.length;
  };
  add(header);

  /** Runs of numbers that follow each other. */
  function runsOf(numbers: readonly number[]): number[][] {
    const runs: number[][] = [];
    for (const number of [...numbers].sort((a, b) => a - b)) {
      const last = runs[runs.length - 1];
      if (last?.[last.length - 1] === number - 1) last.push(number);
      else runs.push([number]);
    }
    return runs;
  }

  function sectionOf(options: SectionOptions & object): { numbers: number[]; prev: string } {
    const numbers = [...(options.only ?? pending.keys())];
    const prev = 'prev' in options ? options.prev : lastSection;
    lastSection = length;
    return { numbers, prev: prev === undefined ? '' : `/Prev ${prev}` };
  }

  const builder: PdfBuilder = {
    get length() {
      return length;
    },
    pending,
    get lastSection() {
      return lastSection;
    },
    raw(piece) {
      add(piece);
      return builder;
    },
    object(number, text, generation = 0) {
      pending.set(number, { offset: length, generation });
      add(`${number} ${generation} obj\n${text}\nendobj\n`);
      return builder;
    },
    stream(number, entries, data, options = {}) {
      const generation = options.generation ?? 0;
      pending.set(number, { offset: length, generation });
      const plain = typeof data === 'string' ? latin1(data) : data;
      const stored = options.deflate ? zlibSync(plain) : plain;
      const stated = 'length' in options ? options.length : String(stored.length);
      add(`${number} ${generation} obj\n<<${entries}${options.deflate ? '/Filter/FlateDecode' : ''}`);
      add(`${stated === undefined ? '' : `/Length ${stated}`}>>\nstream\n`);
      add(stored);
      add(`${options.end ?? '\nendstream\n'}endobj\n`);
      return builder;
    },
    objectStream(number, objects, { entries = '', ...options } = {}) {
      let [pairs, texts] = ['', ''];
      for (const [i, [each, text]] of objects.entries()) {
        pairs += `${each} ${texts.length} `;
        texts += `${text}\n`;
        pending.set(each, { stream: number, index: i });
      }
      const own = `/Type/ObjStm/N ${objects.length}/First ${pairs.length}${entries}`;
      return builder.stream(number, own, pairs + texts, { deflate: true, ...options });
    },
    free(number) {
      pending.set(number, 'free');
      return builder;
    },
    table(trailer, options = {}) {
      const { numbers, prev } = sectionOf(options);
      const line = (offset: number, generation: number, kind: string): string =>
        `${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} ${kind}${options.entryEnd ?? ' \n'}`;
      add('xref\n');
      for (const run of runsOf([0, ...numbers])) {
        add(`${run[0]} ${run.length}\n`);
        for (const number of run) {
          const place = pending.get(number);
          add(
            typeof place === 'object' && 'offset' in place
              ? line(place.offset + (options.shift ?? 0), place.generation, 'n')
              : line(0, number === 0 ? 65535 : 1, 'f'),
          );
        }
      }
      for (const number of numbers) pending.delete(number);
      add(`trailer\n<<${trailer}${prev}>>\n`);
      return builder;
    },
    crossReferences(number, trailer, options = {}) {
      const [kindWidth, placeWidth, detailWidth] = options.widths ?? [1, 4, 2];
      pending.set(number, { offset: length, generation: 0 });
      const { numbers, prev } = sectionOf(options);
      if (!numbers.includes(number)) numbers.push(number);
      const runs = runsOf([0, ...numbers]);
      const rows: number[][] = [];
      const field = (value: number, width: number): number[] =>
        Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** (width - 1 - i)) % 256);
      for (const each of runs.flat()) {
        const place = pending.get(each);
        const [kind, where, detail] =
          typeof place !== 'object'
            ? [0, 0, each === 0 ? 65535 : 1]
            : 'offset' in place
              ? [1, place.offset + (options.shift ?? 0), place.generation]
              : [2, place.stream, place.index];
        rows.push([...field(kind, kindWidth), ...field(where, placeWidth), ...field(detail, detailWidth)]);
      }
      for (const each of numbers) pending.delete(each);
      const row = kindWidth + placeWidth + detailWidth;
      // Each row as the difference from the one above it.
      const predicted = rows.map((bytes, i) => [
        2,
        ...bytes.map((byte, at) => (byte - (i === 0 ? 0 : (rows[i - 1]?.[at] ?? 0))) & 0xff),
      ]);
      const index = runs.map((run) => `${run[0]} ${run.length}`).join(' ');
      const own = `/Type/XRef/W[${kindWidth} ${placeWidth} ${detailWidth}]/Index[${index}]`;
      const parameters = options.predictor ? `/DecodeParms<</Predictor 12/Columns ${row}>>` : '';
      const data = Uint8Array.from((options.predictor ? predicted : rows).flat());
      builder.stream(number, `${own}${trailer}${prev}${parameters}`, data, { deflate: true });
      pending.delete(number);
      return builder;
    },
    end(offset = lastSection ?? 0) {
      add(`startxref\n${offset}\n%%EOF\n`);
      return builder;
    },
    bytes: () => concatBytes(parts),
  };
  return builder;
}

/** A catalog (1), its pages (2), a page (3) and its contents (4), as objects without cross-references. */
export const withPage = (builder: PdfBuilder, contents = 'BT ET'): PdfBuilder =>
  builder
    .object(1, '<</Type/Catalog/Pages 2 0 R>>')
    .object(2, '<</Type/Pages/Kids[3 0 R]/Count 1>>')
    .object(3, '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<<>>/Contents 4 0 R>>')
    .stream(4, '', contents);
