import { describe, expect, it } from 'vitest';
import { type ByteSource, concatenatedSource, zeroSource } from '../../../bytes/index.ts';
import { buildPdf, withPage } from '../test/build-pdf.ts';
import { countingSource } from '../test/counting-source.ts';
import { textOf } from '../test/read-built.ts';
import { readPdf } from './read-pdf.ts';

const gigabytes = 5 * 1024 ** 3;

/** Two streams of 2.5 GB each, and an object behind each. */
function largePdf(startxref: boolean): ByteSource {
  const half = gigabytes / 2;
  const parts = ['<<', '>>\nstream\n'];
  const builder = withPage(buildPdf());
  const pieces: (Uint8Array | ByteSource)[] = [];
  let [skipped, before] = [0, 0];
  const cut = (): void => {
    const bytes = builder.bytes();
    pieces.push(bytes.subarray(before));
    before = bytes.length;
  };
  const at = (number: number): void => {
    builder.pending.set(number, { offset: builder.length + skipped, generation: 0 });
  };
  for (const number of [5, 7]) {
    at(number);
    builder.raw(`${number} 0 obj\n${parts[0]}/Length ${half}${parts[1]}`);
    cut();
    pieces.push(zeroSource(half));
    skipped += half;
    builder.raw('\nendstream\nendobj\n');
    at(number + 1);
    builder.raw(`${number + 1} 0 obj (behind ${number}) endobj\n`);
  }
  const start = builder.length + skipped;
  // The builder knows nothing of what was skipped.
  builder.crossReferences(9, '/Root 1 0 R/Size 10', { widths: [1, 6, 1] });
  if (startxref) builder.end(start);
  cut();
  return concatenatedSource(pieces);
}

describe('a document of five gigabytes', () => {
  it('is read in a few windows', async () => {
    const file = countingSource(largePdf(true));
    const document = await readPdf(file.source);
    expect(document.rebuilt).toBe(false);
    expect(await textOf(document, 6)).toBe('(behind 5)');
    expect(await textOf(document, 8)).toBe('(behind 7)');
    const stream = await document.object(7);
    expect(stream?.data?.size).toBe(gigabytes / 2);
    expect(file.reads).toBeLessThan(16);
    expect(file.bytes).toBeLessThan(256 * 1024);
  });

  it('is searched without reading what its streams hold, where their lengths are true', async () => {
    const file = countingSource(largePdf(false));
    const document = await readPdf(file.source);
    expect(document.rebuilt).toBe(true);
    expect(document.entries.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await textOf(document, 8)).toBe('(behind 7)');
    expect(file.bytes).toBeLessThan(8 * 1024 * 1024);
  });
});

describe('a document of many objects', () => {
  it('is read in windows, not object by object', async () => {
    const count = 10_000;
    const builder = withPage(buildPdf());
    for (let number = 5; number < count; number++) builder.object(number, `<</Kind/Small/Number ${number}>>`);
    const bytes = builder.table(`/Root 1 0 R/Size ${count}`).end().bytes();
    const file = countingSource(concatenatedSource([bytes]));
    const document = await readPdf(file.source);
    for (const { number } of document.entries) expect(await document.object(number)).toBeDefined();
    expect(document.entries).toHaveLength(count - 1);
    expect(file.reads).toBeLessThan(40);
    expect(file.bytes).toBeLessThan(1.3 * bytes.length);
    expect(file.largest).toBeLessThanOrEqual(512 * 1024);
  });

  it('gives its objects without waiting where they are in memory, as they would be given otherwise', async () => {
    const builder = withPage(buildPdf());
    const count = 3000;
    for (let number = 5; number < count; number += 3)
      builder
        .object(number, `<</Kind/Small/Text(${number})/Other ${number + 1} 0 R>>`)
        .stream(number + 1, '', `data ${number}`, { length: `${number + 2} 0 R` })
        .object(number + 2, String(`data ${number}`.length));
    const document = await readPdf(
      concatenatedSource([builder.table('/Root 1 0 R/Size 3002').end().bytes()]),
    );
    let waited = 0;
    for (const { number } of document.entries) {
      const atHand = document.objectAtHand(number);
      const object = await document.object(number);
      if (atHand === undefined) waited++;
      else {
        expect({ ...atHand, data: undefined }).toEqual({ ...object, data: undefined });
        expect(atHand.data?.size).toBe(object?.data?.size);
        expect(await atHand.data?.read(0, 100)).toEqual(await object?.data?.read(0, 100));
      }
    }
    expect(waited).toBeLessThan(40);
  });

  it('is read in any order from the windows that are at hand', async () => {
    const builder = withPage(buildPdf());
    for (let number = 5; number < 500; number++) builder.object(number, `(${number})`);
    const file = countingSource(concatenatedSource([builder.table('/Root 1 0 R/Size 500').end().bytes()]));
    const document = await readPdf(file.source);
    for (let i = 0; i < 2000; i++) {
      const number = 5 + ((i * 7919) % 495);
      expect(await textOf(document, number)).toBe(`(${number})`);
    }
    expect(file.reads).toBeLessThan(16);
  });
});
