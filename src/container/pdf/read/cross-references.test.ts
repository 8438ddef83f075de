import { describe, expect, it } from 'vitest';
import { buildPdf, latin1, withPage } from '../test/build-pdf.ts';
import { readBuilt, textOf, textsOf } from '../test/read-built.ts';

const page = {
  1: '<</Type /Catalog /Pages 2 0 R>>',
  2: '<</Type /Pages /Kids [3 0 R] /Count 1>>',
  3: '<</Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Resources <<>> /Contents 4 0 R>>',
  4: '<</Length 5>> stream BT ET',
};

describe('a document with a cross-reference table', () => {
  const simple = () => withPage(buildPdf()).table('/Root 1 0 R/Size 5/Info null').end();

  it('has its objects in the order of the file', async () => {
    const document = await readBuilt(simple());
    expect(await textsOf(document)).toEqual(page);
    expect(document.entries.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    expect(document).toMatchObject({ version: '1.7', rebuilt: false, encrypted: false });
    expect([...document.trailer.entries.keys()]).toEqual(['Root', 'Size', 'Info']);
  });

  it.each([
    ['CR LF', '\r\n'],
    ['blank and CR', ' \r'],
    ['LF alone, which makes 19 bytes', '\n'],
    ['more blanks than there should be', '  \r\n'],
  ])('may end its entries in %s', async (_, entryEnd) => {
    const document = await readBuilt(withPage(buildPdf()).table('/Root 1 0 R/Size 5', { entryEnd }).end());
    expect(await textsOf(document)).toEqual(page);
    expect(document.rebuilt).toBe(false);
  });

  it('may begin with 1 where it should with 0', async () => {
    const text = Buffer.from(simple().bytes()).toString('latin1').replace('xref\n0 5', 'xref\n1 5');
    const document = await readBuilt(text);
    expect(await textsOf(document)).toEqual(page);
    expect(document.rebuilt).toBe(false);
  });

  it('may claim one entry too many', async () => {
    const text = Buffer.from(simple().bytes()).toString('latin1').replace('xref\n0 5', 'xref\n0 6');
    const document = await readBuilt(text);
    expect(await textsOf(document)).toEqual(page);
    expect(document.rebuilt).toBe(false);
  });

  it('may stand between carriage returns, comments and blanks', async () => {
    const pdf = buildPdf('%PDF-1.3\r%\xff\r').object(1, '<<\r/Type%a ) comment\r/Catalog\0/Pages\f2 0 R\r>>');
    pdf.object(2, '<</Type/Pages/Kids[]/Count\t0>>').table('/Root 1 0 R/Size 3').raw('% the end\r\n').end();
    expect(await textsOf(await readBuilt(pdf))).toEqual({
      1: '<</Type /Catalog /Pages 2 0 R>>',
      2: '<</Type /Pages /Kids [] /Count 0>>',
    });
  });

  it('gives nothing for numbers that are free, unknown or beyond what a number can be', async () => {
    const document = await readBuilt(withPage(buildPdf()).free(5).table('/Root 1 0 R/Size 6').end());
    for (const number of [0, 5, 6, 1e9, Number.MAX_SAFE_INTEGER])
      expect(await document.object(number)).toBeUndefined();
    expect(document.rebuilt).toBe(false);
  });

  it('has generations', async () => {
    const pdf = withPage(buildPdf()).object(7, '(seven)', 3).table('/Root 1 0 R/Size 8').end();
    const document = await readBuilt(pdf);
    expect(document.entries.at(-1)).toMatchObject({ number: 7, generation: 3 });
    expect(await document.object(7)).toMatchObject({ number: 7, generation: 3, inStream: false });
  });

  it('states its version in the header or, if newer, in the catalog', async () => {
    const of = async (header: string, version: string) =>
      (
        await readBuilt(
          buildPdf(`%PDF-${header}\n`)
            .object(1, `<</Type/Catalog/Version/${version}>>`)
            .table('/Root 1 0 R')
            .end(),
        )
      ).version;
    expect([await of('1.4', '2.0'), await of('1.7', '1.4'), await of('1.6', 'many')]).toEqual([
      '2.0',
      '1.7',
      '1.6',
    ]);
  });
});

describe('a document with a cross-reference stream', () => {
  it.each([
    ['of four bytes for an offset', {}],
    ['of eight bytes for an offset', { widths: [1, 8, 3] as const }],
    ['without a field for what changes nothing', { widths: [1, 3, 0] as const }],
    ['with a predictor', { predictor: true }],
  ])('%s', async (_, options) => {
    const document = await readBuilt(
      withPage(buildPdf()).crossReferences(9, '/Root 1 0 R/Size 10', options).end(),
    );
    expect(await textsOf(document)).toEqual(page);
    expect(document.rebuilt).toBe(false);
    expect([...document.trailer.entries.keys()]).toEqual(['Root', 'Size']);
  });

  it('may have no field for the kind, as everything is in use', async () => {
    const pdf = withPage(buildPdf());
    const offsets = [1, 2, 3, 4].map((number) => pdf.pending.get(number) as { offset: number });
    const rows = offsets.flatMap(({ offset }) => [offset >> 8, offset & 0xff]);
    const at = pdf.length;
    pdf.stream(9, '/Type/XRef/W[0 2 0]/Index[1 4]/Root 1 0 R/Size 10', Uint8Array.from(rows)).end(at);
    const document = await readBuilt(pdf);
    expect(await textsOf(document)).toEqual(page);
    expect(document.rebuilt).toBe(false);
  });

  it('has objects in object streams, whatever they extend', async () => {
    const pdf = buildPdf()
      .objectStream(5, [
        [1, page[1]],
        [2, page[2]],
      ])
      .objectStream(6, [[3, page[3]]], { entries: '/Extends 5 0 R', deflate: false })
      .stream(4, '', 'BT ET')
      .crossReferences(9, '/Root 1 0 R/Size 10')
      .end();
    const document = await readBuilt(pdf);
    expect(document.entries.map(({ number }) => number)).toEqual([5, 1, 2, 6, 3, 4]);
    expect(await textsOf(document)).toMatchObject(page);
    expect(await document.object(2)).toMatchObject({ inStream: true, generation: 0, data: undefined });
    expect(document.entries[2]).toEqual({ number: 2, generation: 0, inStream: { number: 5, index: 1 } });
  });

  it('finds an object of an object stream whose index is wrong', async () => {
    const pdf = buildPdf().objectStream(5, [
      [1, page[1]],
      [2, page[2]],
    ]);
    pdf.pending.set(1, { stream: 5, index: 1 });
    pdf.pending.set(2, { stream: 5, index: 7 });
    const document = await readBuilt(pdf.crossReferences(9, '/Root 1 0 R/Size 10').end());
    expect([await textOf(document, 1), await textOf(document, 2)]).toEqual([page[1], page[2]]);
  });

  it('ignores entries of a kind that nobody knows yet', async () => {
    const pdf = withPage(buildPdf());
    const { offset } = pdf.pending.get(1) as { offset: number };
    const at = pdf.length;
    const rows = [1, offset >> 8, offset & 0xff, 7, 1, 1];
    pdf.stream(9, '/Type/XRef/W[1 2 0]/Index[1 2]/Root 1 0 R/Size 10', Uint8Array.from(rows)).end(at);
    const document = await readBuilt(pdf);
    expect(document.entries.map(({ number }) => number)).toEqual([1]);
  });
});

describe('a document that was changed', () => {
  it('has the newest version of each object', async () => {
    const pdf = withPage(buildPdf())
      .object(5, '(first)')
      .table('/Root 1 0 R/Size 6/ID[<aa><aa>]/Info 5 0 R')
      .end();
    pdf.object(5, '(second)').table('/Root 1 0 R/Size 6').end();
    pdf.object(5, '(third)').object(6, '(new)').table('/Root 1 0 R/Size 7').end();
    const document = await readBuilt(pdf);
    expect(await textsOf(document)).toMatchObject({ ...page, 5: '(third)', 6: '(new)' });
    expect([...document.trailer.entries.keys()]).toEqual(['Root', 'Size', 'ID', 'Info']);
  });

  it('has no object that was deleted, and one whose number was taken again', async () => {
    const pdf = withPage(buildPdf()).object(5, '(old)').object(6, '(old)').table('/Root 1 0 R/Size 7').end();
    pdf.free(5).free(6).table('/Root 1 0 R/Size 7').end();
    pdf.object(6, '(again)', 1).table('/Root 1 0 R/Size 7').end();
    const document = await readBuilt(pdf);
    expect(await document.object(5)).toBeUndefined();
    expect(await textOf(document, 6)).toBe('(again)');
    expect(document.entries.find(({ number }) => number === 6)).toMatchObject({ generation: 1 });
  });

  it('may mix tables, streams and object streams', async () => {
    const pdf = withPage(buildPdf()).table('/Root 1 0 R/Size 5').end();
    pdf
      .objectStream(7, [[5, '(in a stream)']])
      .crossReferences(8, '/Root 1 0 R/Size 9')
      .end();
    pdf.object(6, '(after it)').table('/Root 1 0 R/Size 9').end();
    const document = await readBuilt(pdf);
    expect(await textsOf(document)).toMatchObject({ ...page, 5: '(in a stream)', 6: '(after it)' });
    expect(document.entries.some(({ number }) => number === 8)).toBe(false);
  });

  it('may have updates that lead back to one another', async () => {
    const pdf = withPage(buildPdf()).table('/Root 1 0 R/Size 5', { prev: undefined }).end();
    const first = pdf.lastSection as number;
    pdf.object(5, '(five)').table(`/Root 1 0 R/Size 6`, { prev: first }).end();
    const text = Buffer.from(pdf.bytes()).toString('latin1');
    const second = String(pdf.lastSection);
    const turned = text.replace('/Size 5>>', `/Size 5/Prev ${second}>>`);
    // The first trailer grew: the second section is further back by as much.
    const moved = turned.replaceAll(second, String(Number(second) + turned.length - text.length));
    expect(await textOf(await readBuilt(moved), 5)).toBe('(five)');
  });
});

describe('a hybrid file', () => {
  it('has the objects that only its cross-reference stream knows', async () => {
    const pdf = withPage(buildPdf());
    const second = pdf.pending.get(2);
    pdf.objectStream(6, [
      [5, '(hidden)'],
      [2, '(not this one)'],
    ]);
    const stream = pdf.length;
    const rows = [2, 6, 0, 2, 6, 1];
    pdf.stream(7, '/Type/XRef/W[1 1 1]/Index[5 1 2 1]/Size 8', Uint8Array.from(rows));
    // Object 2 stands in the table, which counts first; what old readers must not see is free there.
    if (second !== undefined) pdf.pending.set(2, second);
    pdf.free(5).free(7);
    const document = await readBuilt(pdf.table(`/Root 1 0 R/Size 8/XRefStm ${stream}`).end());
    expect(await textsOf(document)).toMatchObject({ ...page, 5: '(hidden)' });
    expect(document.rebuilt).toBe(false);
  });
});

describe('a header that is not at the start', () => {
  const junk = 'junk from a mail gateway\r\n'.repeat(7);

  it.each([
    ['the file', 0],
    ['the header', -junk.length],
  ])('leaves offsets that count from the start of %s', async (_, shift) => {
    const pdf = withPage(buildPdf(`${junk}%PDF-1.4\n`)).table('/Root 1 0 R/Size 5', { shift });
    const document = await readBuilt(pdf.end((pdf.lastSection as number) + shift));
    expect(await textsOf(document)).toEqual(page);
    expect(document).toMatchObject({ version: '1.4', rebuilt: false });
  });

  it('may be as far as 1024 bytes, and no further', async () => {
    const at = (length: number) =>
      readBuilt(
        withPage(buildPdf(`${' '.repeat(length)}%PDF-1.4\n`))
          .table('/Root 1 0 R/Size 5')
          .end(),
      );
    expect((await at(1024)).rebuilt).toBe(false);
    await expect(at(1025)).rejects.toMatchObject({ code: 'MALFORMED_CONTAINER' });
  });
});

describe('a stream', () => {
  const lengthOf = async (end: string, length: string | undefined, data = 'some data') => {
    const pdf = withPage(buildPdf()).stream(5, '', data, { length, end }).object(6, '9');
    const document = await readBuilt(pdf.table('/Root 1 0 R/Size 7').end());
    const object = await document.object(5);
    const bytes = await object?.data?.read(0, object.data.size ?? 0);
    return Buffer.from(bytes ?? latin1('nothing')).toString('latin1');
  };
  const ends = ['\nendstream\n', '\r\nendstream\r\n', '\rendstream ', 'endstream\n', 'endstream'];

  it.each([
    ['true', '9'],
    ['indirect', '6 0 R'],
    ['indirect and leading nowhere', '77 0 R'],
    ['indirect and leading to itself', '5 0 R'],
    ['missing', undefined],
    ['too small', '3'],
    ['too large', '300'],
    ['beyond the end of the file', '999999999999999'],
    ['negative', '-9'],
    ['no number', '/Nine'],
  ])('ends where its data end, its length being %s', async (_, length) => {
    for (const end of ends) expect(await lengthOf(end, length)).toBe('some data');
  });

  it('may lack its endstream', async () => {
    expect(await lengthOf('\n', '9')).toBe('some data');
    expect(await lengthOf('\n', undefined)).toBe('some data');
  });

  it('has what a true length says, even if it looks like an end', async () => {
    const data = 'before endstream endobj 7 0 obj << >> endobj \r\n';
    expect(await lengthOf('\nendstream\n', String(data.length), data)).toBe(data);
  });

  it('may begin behind a carriage return alone, or behind blanks', async () => {
    for (const begin of ['\r', ' \r\n', '\t\n']) {
      const pdf = withPage(buildPdf());
      pdf.object(5, `<</Length 4>>stream${begin}data\nendstream`);
      const document = await readBuilt(pdf.table('/Root 1 0 R/Size 6').end());
      expect((await textsOf(document))[5]).toBe('<</Length 4>> stream data');
    }
  });
});
