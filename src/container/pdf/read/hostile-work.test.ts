import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { maxima, memorySource } from '../../../bytes/index.ts';
import type { PdfDocument } from '../pdf-document.ts';
import { buildPdf, latin1, type PdfBuilder, withPage } from '../test/build-pdf.ts';
import { countingSource } from '../test/counting-source.ts';
import { readBuilt, textOf } from '../test/read-built.ts';
import { readPdf } from './read-pdf.ts';
import { readingWindows } from './reading-windows.ts';
import { scanFile } from './scan.ts';

const megabyte = 1024 * 1024;

/** How many bytes the streams of a document have together, as far as they can be read. */
async function bytesInStreams(document: PdfDocument): Promise<{ bytes: number; refused: number }> {
  let [bytes, refused] = [0, 0];
  for (const { number } of document.entries)
    try {
      const object = document.objectAtHand(number) ?? (await document.object(number));
      bytes += object?.data?.size ?? 0;
    } catch (error) {
      expect(error).toMatchObject({
        code: expect.stringMatching(/^(?:LIMIT_EXCEEDED|MALFORMED_CONTAINER)$/),
      });
      refused++;
    }
  return { bytes, refused };
}

/** Objects that begin in one another's comments, so that what follows belongs to each of them. */
function sharing(builder: PdfBuilder, count: number): PdfBuilder {
  for (let number = 10; number < 10 + count; number++) {
    builder.pending.set(number, { offset: builder.length, generation: 0 });
    builder.raw(`${number} 0 obj<<%`);
  }
  return builder;
}

describe('a PDF whose parts lie within one another', () => {
  it('has streams within streams, but no more of them than a few times its size', async () => {
    const count = 300;
    const head = (number: number, length: number): string =>
      `${number} 0 obj<</Length ${String(length).padStart(8, '0')}>>stream\n`;
    const step = head(100, 0).length;
    const pdf = withPage(buildPdf());
    for (let i = 0; i < count; i++) {
      pdf.pending.set(100 + i, { offset: pdf.length, generation: 0 });
      pdf.raw(head(100 + i, megabyte + (count - 1 - i) * step));
    }
    pdf.raw(new Uint8Array(megabyte)).raw('\nendstream\nendobj\n').table('/Root 1 0 R/Size 500').end();
    const { bytes, refused } = await bytesInStreams(await readBuilt(pdf));
    expect(bytes).toBeLessThan(5 * pdf.length + maxima.pdfObjectBytes);
    expect(refused).toBeGreaterThan(0);
  });

  it('has streams that share their data, but no more of them than a few times its size', async () => {
    const pdf = sharing(withPage(buildPdf()), 300).raw(`\n/Length ${megabyte}>>stream\n`);
    pdf.raw(new Uint8Array(megabyte)).raw('\nendstream\nendobj\n').table('/Root 1 0 R/Size 500').end();
    const { bytes, refused } = await bytesInStreams(await readBuilt(pdf));
    expect(bytes).toBeLessThan(5 * pdf.length + maxima.pdfObjectBytes);
    expect(refused).toBeGreaterThan(0);
  });

  it('is not searched for the end of a stream again and again', async () => {
    const pdf = sharing(withPage(buildPdf()), 300).raw('\n/A 1>>stream\n').raw(new Uint8Array(megabyte));
    const counted = countingSource(memorySource(pdf.table('/Root 1 0 R/Size 500').end().bytes()));
    const document = await readPdf(counted.source);
    const codes = new Set<unknown>();
    for (const { number } of document.entries)
      await document.object(number).catch((error) => codes.add(error.code));
    expect(codes).toContain('LIMIT_EXCEEDED');
    expect(counted.bytes).toBeLessThan(250 * megabyte);
  });

  it('has cross-references that all unpack the same data', async () => {
    const pdf = withPage(buildPdf());
    pdf.table('/Root 1 0 R/Size 5');
    const first = pdf.length;
    const count = 20;
    const packed = zlibSync(new Uint8Array(4 * megabyte));
    const head = (number: number, previous: number): string =>
      `${number} 0 obj<</Prev ${String(previous).padStart(8, '0')}%`;
    const step = head(100, 0).length;
    for (let i = 0; i < count; i++)
      pdf.raw(head(100 + i, i === count - 1 ? (pdf.lastSection ?? 0) : first + (i + 1) * step));
    pdf.raw(`\n/Type/XRef/W[1 1 1]/Index[0 1]/Size 1/Filter/FlateDecode/Length ${packed.length}>>stream\n`);
    pdf.raw(packed).raw('\nendstream\nendobj\n').end(first);
    expect((await readBuilt(pdf)).rebuilt).toBe(true);
  });
});

describe('a PDF that leads to one object from many places', () => {
  const eventually = async (times: number, read: (i: number) => Promise<unknown>): Promise<unknown> => {
    for (let i = 0; i < times; i++)
      try {
        await read(i);
      } catch (error) {
        return error;
      }
    return undefined;
  };
  const reference = (number: number) => ({ kind: 'reference', number, generation: 0 }) as const;

  it('does not have it parsed without an end', async () => {
    const pdf = withPage(buildPdf()).object(5, `(${'x'.repeat(megabyte)})`);
    const document = await readBuilt(pdf.table('/Root 1 0 R/Size 6').end());
    const read = () => document.resolve(reference(5));
    for (let i = 0; i < 20; i++) await read();
    expect(await eventually(200, read)).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('does not have two object streams unpacked by turns without an end', async () => {
    const pdf = withPage(buildPdf());
    const data = new Uint8Array(20 * megabyte);
    for (const number of [5, 7]) {
      data.set(latin1(`${number + 1} 0 (x)`));
      pdf.stream(number, '/Type/ObjStm/N 1/First 4/Filter/FlateDecode', zlibSync(data));
      pdf.pending.set(number + 1, { stream: number, index: 0 });
    }
    const document = await readBuilt(pdf.crossReferences(9, '/Root 1 0 R/Size 10').end());
    expect(await textOf(document, 6)).toBe('(x)');
    expect(await textOf(document, 8)).toBe('(x)');
    const byTurns = (i: number) => document.resolve(reference(i % 2 === 0 ? 6 : 8));
    expect(await eventually(6, byTurns)).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('does not have the numbers of an object stream gone through without an end', async () => {
    const count = 250_000;
    const pdf = withPage(buildPdf());
    const pairs = '7 0 '.repeat(count);
    pdf.stream(5, `/Type/ObjStm/N ${count}/First ${pairs.length}`, `${pairs}(x)`, { deflate: true });
    for (let number = 1000; number < 1500; number++) pdf.pending.set(number, { stream: 5, index: 0 });
    const document = await readBuilt(pdf.crossReferences(9, '/Root 1 0 R/Size 10').end());
    expect(await eventually(500, (i) => document.object(1000 + i))).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });
});

describe('a PDF that is searched', () => {
  const scanned = (bytes: Uint8Array) => scanFile(readingWindows(memorySource(bytes), bytes.length));

  it('has a few trailers kept, whatever number of cross-reference streams it has', async () => {
    const pdf = withPage(buildPdf());
    for (let i = 0; i < 600; i++) pdf.stream(10 + (i % 3), `/Type/XRef/A ${i}`, 'x');
    const { trailers, crossReferenceStreams } = await scanned(pdf.bytes());
    expect(trailers).toHaveLength(256);
    expect(trailers.at(-1)?.entries.get('A')).toEqual({ kind: 'number', text: '599' });
    expect(crossReferenceStreams.size).toBe(3);
  });

  it('has a trailer that holds others kept once', async () => {
    const { trailers } = await scanned(latin1(`%PDF-1.7\n${'trailer<<%'.repeat(100)}\n/Root 1 0 R>>`));
    expect(trailers).toHaveLength(1);
  });

  it('keeps what is said to reach over the beginning of another object', async () => {
    const pdf = withPage(buildPdf());
    pdf.pending.set(5, { offset: pdf.length, generation: 0 });
    pdf.raw('5 0 obj\n<</Length 4>>');
    pdf.pending.set(6, { offset: pdf.length, generation: 0 });
    pdf.raw('\nstream\ndata\nendstream\nendobj\n');
    pdf.pending.set(7, { offset: pdf.length, generation: 0 });
    pdf.raw('7 0 obj\n123');
    pdf.pending.set(8, { offset: pdf.length, generation: 0 });
    pdf.raw('456\nendobj\n').table('/Root 1 0 R/Size 9').end();
    const document = await readBuilt(pdf);
    for (const read of [document.object, async (number: number) => document.objectAtHand(number)]) {
      const [stream, number] = [await read(5), await read(7)];
      if (stream !== undefined) expect(stream.data?.size).toBe(4);
      if (number !== undefined) expect(number.value).toEqual({ kind: 'number', text: '123456' });
    }
    expect((await document.object(5))?.data?.size).toBe(4);
    expect(await textOf(document, 7)).toBe('123456');
  });
});
