import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { maxima, memorySource } from '../../../bytes/index.ts';
import { buildPdf, latin1, withPage } from '../test/build-pdf.ts';
import { countingSource } from '../test/counting-source.ts';
import { readBuilt, textOf, textsOf } from '../test/read-built.ts';
import { crossReferences } from './cross-references.ts';
import { readPdf } from './read-pdf.ts';

const withObject = (text: string) =>
  readBuilt(withPage(buildPdf()).object(5, text).table('/Root 1 0 R/Size 6').end());

const bomb = zlibSync(new Uint8Array(maxima.pdfStructureBytes + 1), { level: 1 });

describe('a hostile PDF', () => {
  it('may nest values as deep as any genuine one, and no deeper', async () => {
    const depth = maxima.pdfDepth;
    expect(await (await withObject('['.repeat(depth) + ']'.repeat(depth))).object(5)).toBeDefined();
    for (const [open, close] of [
      ['[', ']'],
      ['<</A', '>>'],
    ] as const) {
      const document = await withObject(open.repeat(100_000) + close.repeat(100_000));
      await expect(document.object(5)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    }
  });

  it('has no end of values or bytes in an object', async () => {
    const many = await withObject(`[${'0 '.repeat(maxima.pdfValues + 1)}]`);
    await expect(many.object(5)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    const pdf = withPage(buildPdf());
    pdf.pending.set(5, { offset: pdf.length, generation: 0 });
    pdf.raw('5 0 obj (').raw(new Uint8Array(maxima.pdfObjectBytes).fill(0x78)).raw(')\nendobj\n');
    const long = await readBuilt(pdf.table('/Root 1 0 R/Size 6').end());
    await expect(long.object(5)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('may have references that go round', async () => {
    const pdf = withPage(buildPdf()).object(5, '6 0 R').object(6, '5 0 R').object(7, '7 0 R');
    pdf.stream(8, '/Filter 5 0 R', 'data', { length: '8 0 R' });
    const document = await readBuilt(pdf.table('/Root 1 0 R/Size 9').end());
    for (const number of [5, 7])
      expect(await document.resolve({ kind: 'reference', number, generation: 0 })).toBeNull();
    const stream = await document.object(8);
    expect(stream?.data?.size).toBe(4);
    expect(stream && (await document.decoded(stream, 4))).toEqual(latin1('data'));
  });

  it('may have object streams that contain one another or themselves', async () => {
    const pdf = withPage(buildPdf());
    pdf.objectStream(5, [[6, '(in 5)']]).objectStream(6, [[5, '(in 6)']]);
    pdf.objectStream(7, [
      [7, '(in itself)'],
      [8, '(length) 11'],
    ]);
    pdf.objectStream(9, [[10, '11']], { length: '10 0 R' });
    pdf.pending
      .set(7, { stream: 7, index: 0 })
      .set(5, { stream: 6, index: 0 })
      .set(6, { stream: 5, index: 0 });
    const document = await readBuilt(pdf.crossReferences(12, '/Root 1 0 R/Size 13').end());
    for (const number of [5, 6, 7, 8])
      await expect(document.object(number)).rejects.toMatchObject({ code: 'MALFORMED_CONTAINER' });
    expect(await textOf(document, 10)).toBe('11');
    expect(document.entries.map(({ number }) => number)).toEqual([1, 2, 3, 4, 9, 10]);
  });

  it('may have object streams that unpack to more than there is memory', async () => {
    const pdf = withPage(buildPdf()).stream(5, '/Type/ObjStm/N 1/First 4/Filter/FlateDecode', bomb);
    pdf.pending.set(6, { stream: 5, index: 0 });
    const document = await readBuilt(pdf.crossReferences(9, '/Root 1 0 R/Size 10').end());
    await expect(document.object(6)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    const stream = await document.object(5);
    if (stream === undefined) throw new Error('no stream');
    await expect(document.decoded(stream, 1000)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    // A search needs their beginnings only.
    const rebuilt = await readBuilt(
      withPage(buildPdf()).stream(5, '/Type/ObjStm/N 1/First 4/Filter/FlateDecode', bomb),
    );
    expect(rebuilt.entries.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
  });

  it('may have cross-references that unpack to more than there is memory', async () => {
    const pdf = withPage(buildPdf());
    const at = pdf.length;
    pdf.stream(9, '/Type/XRef/W[1 1 1]/Size 10/Root 1 0 R/Filter/FlateDecode', bomb).end(at);
    expect((await readBuilt(pdf)).rebuilt).toBe(true);
  });

  it('may not claim more objects than its size has room for', () => {
    const references = crossReferences(8000);
    const claim = (): void => {
      for (let number = 1; number < 60_000; number++) references.setInStream(number, 9, number);
    };
    expect(claim).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
    expect(references.live).toBeLessThan(58_100);
  });

  it.each([
    ['/W[9 9 9]/Size 10'],
    ['/W[1 1]/Size 10'],
    ['/W[0 0 0]/Size 999999999'],
    ['/W[-1 1 1]/Size 10'],
    ['/W[1 2 1]/Size 9007199254740993'],
    ['/W[1 2 1]/Index[0 99999999]'],
    ['/W[1 2 1]/Index[9007199254740990 3]'],
    ['/W[1 2 1]/Index[[1] 2]'],
    ['/W[1 2 1]/Size 3/DecodeParms<</Predictor 12/Columns 999999999999>>/Filter/FlateDecode'],
    ['/W[1 2 1]/Size 3/Filter/LZWDecode'],
    ['/W[1 2 1]/Size 3/Filter[/FlateDecode/FlateDecode/FlateDecode/FlateDecode/FlateDecode/Fl/Fl/Fl/Fl]'],
  ])('is searched for its objects where its cross-reference stream says %s', async (entries) => {
    const pdf = withPage(buildPdf());
    const at = pdf.length;
    pdf.stream(9, `/Type/XRef/Root 1 0 R${entries}`, zlibSync(new Uint8Array(64))).end(at);
    const document = await readBuilt(pdf);
    expect(document.rebuilt).toBe(true);
    expect(document.entries.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  });

  it('refuses structure that is packed in ways it does not use, with the reason', async () => {
    const pdf = buildPdf().stream(5, '/Type/ObjStm/N 1/First 4/Filter/LZWDecode', '1 0 <</Type/Catalog>>');
    pdf.pending.set(1, { stream: 5, index: 0 });
    await expect(readBuilt(pdf.crossReferences(9, '/Root 1 0 R/Size 10').end())).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
      details: { reason: 'filter' },
    });
  });

  it('has numbers of objects that no genuine one has', async () => {
    const far = withPage(buildPdf()).object(maxima.pdfObjects + 1, '(far)');
    const document = await readBuilt(far.table('/Root 1 0 R/Size 6').end());
    expect(document.entries.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    const last = withPage(buildPdf()).object(maxima.pdfObjects, '(last)').table('/Root 1 0 R/Size 6');
    expect(await textOf(await readBuilt(last.end()), maxima.pdfObjects)).toBe('(last)');
  });

  it.each([
    ['objects in the strings of others', '1 0 obj ('],
    ['dictionaries that are never closed', '1 0 obj <<'],
    ['streams without an end', '1 0 obj <<>> stream\n'],
    ['dictionaries that look like streams', '1 0 obj << /A (>> stream\n'],
    ['trailers that are never closed', 'trailer << /A [ '],
    ['digits', '1 0 '],
    ['the ends of objects', 'endobj '],
    ['the starts of comments', '%1 0 obj '],
  ])('is searched in a time that grows with its size alone: %s', async (_, piece) => {
    /** Bytes that are asked for. */
    const readBy = async (size: number): Promise<number> => {
      const counted = countingSource(memorySource(latin1(`%PDF-1.7\n${piece.repeat(size / piece.length)}`)));
      await expect(readPdf(counted.source)).rejects.toMatchObject({ code: 'MALFORMED_CONTAINER' });
      return counted.bytes;
    };
    const once = await readBy(100_000);
    // What is looked at around a limited number of trailers comes on top.
    expect(await readBy(400_000)).toBeLessThan(6 * once + 256 * 64 * 1024);
  });

  it('has objects that begin inside of one another', async () => {
    const count = 500;
    const pdf = withPage(buildPdf()).raw('9 0 obj [');
    for (let number = 10; number < 10 + count; number++) {
      pdf.pending.set(number, { offset: pdf.length, generation: 0 });
      pdf.raw(`${number} 0 obj (`);
    }
    pdf.raw(`${')'.repeat(count)}\nendobj\n`);
    const document = await readBuilt(pdf.table(`/Root 1 0 R/Size 99999`).end());
    let [read, refused] = [0, 0];
    for (const { number } of document.entries)
      await document.object(number).then(
        () => read++,
        () => refused++,
      );
    expect(read + refused).toBe(count + 4);
  });

  it('is given up when that is asked for', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const bytes = withPage(buildPdf()).table('/Root 1 0 R/Size 6').end().bytes();
    await expect(readPdf(memorySource(bytes), { signal })).rejects.toThrow('enough');
    const document = await readPdf(memorySource(bytes));
    await expect(document.object(1, { signal })).rejects.toThrow('enough');
    expect(Object.keys(await textsOf(document))).toHaveLength(4);
  });
});
