import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../../bytes/index.ts';
import { buildPdf, latin1, type PdfBuilder, withPage } from '../test/build-pdf.ts';
import { readBuilt, textOf, textsOf } from '../test/read-built.ts';

const text = (pdf: PdfBuilder): string => Buffer.from(pdf.bytes()).toString('latin1');
const simple = () => withPage(buildPdf()).object(5, '(five)').table('/Root 1 0 R/Size 6/Info 5 0 R');
const compressed = () =>
  buildPdf()
    .objectStream(5, [
      [1, '<</Type/Catalog/Pages 2 0 R>>'],
      [2, '<</Type/Pages/Kids[3 0 R]/Count 1>>'],
    ])
    .object(3, '<</Type/Page/Parent 2 0 R/Contents 4 0 R>>')
    .stream(4, '', 'BT ET')
    .crossReferences(9, '/Root 1 0 R/Size 10');

describe('a PDF whose cross-references cannot be used is searched for its objects', () => {
  it.each<[string, () => string]>([
    ['startxref leads elsewhere', () => text(simple().end(3))],
    ['startxref leads beyond the end', () => text(simple().end(10 ** 12))],
    ['there is no startxref', () => text(simple())],
    ['there is no end', () => text(simple().end()).replace(/xref[\s\S]*$/, '')],
    ['every offset is off', () => text(simple().end()).replace('%PDF-1.7\n', '%PDF-1.7\n\n\n')],
    ['the line ends were changed on the way', () => text(simple().end()).replaceAll('\n', '\r\n')],
    ['the table holds something else', () => text(simple().end()).replace('00000 n', '0000x n')],
    [
      'the table counts more than there can be',
      () => text(simple().end()).replace('0 6\n', '0 99999999999\n'),
    ],
    ['the trailer is damaged', () => text(simple().end()).replace('<</Root', '<</Root [')],
    ['the catalog is not where it should be', () => text(simple().end()).replace('/Root 1', '/Root 7')],
    [
      'an update leads to an older one that is not there',
      () =>
        text(
          withPage(buildPdf())
            .table('/Root 1 0 R')
            .object(5, '(five)')
            .table('/Root 1 0 R/Prev 77', { prev: undefined })
            .end(),
        ),
    ],
  ])('because %s', async (_, make) => {
    const document = await readBuilt(make());
    expect(document.rebuilt).toBe(true);
    const found = await textsOf(document);
    expect(Object.keys(found).map(Number)).toEqual([1, 2, 3, 4, 5]);
    expect(found).toMatchObject({ 1: '<</Type /Catalog /Pages 2 0 R>>', 5: '(five)' });
    expect(found[4]).toMatch(/stream BT ET$/);
    expect(document.trailer.entries.get('Root')).toMatchObject({ kind: 'reference', number: 1 });
  });

  it.each<[string, () => string]>([
    ['startxref leads elsewhere', () => text(compressed().end(3))],
    [
      'the stream has another length',
      () =>
        text(compressed().end()).replace(
          /\/Length \d+>>\nstream\n(?![\s\S]*\/Length)/,
          '/Length 1>>\nstream\n',
        ),
    ],
    ['the stream has no widths', () => text(compressed().end()).replace('/W[1 4 2]', '/X[1 4 2]')],
    [
      'the stream has fewer rows than it says',
      () => text(compressed().end()).replace('/Index[0 6 9 1]', '/Index[0 6 9 9]'),
    ],
  ])('and its object streams too: %s', async (_, make) => {
    const document = await readBuilt(make());
    expect(document.rebuilt).toBe(true);
    expect(await textsOf(document)).toMatchObject({
      1: '<</Type /Catalog /Pages 2 0 R>>',
      2: '<</Type /Pages /Kids [3 0 R] /Count 1>>',
      3: '<</Type /Page /Parent 2 0 R /Contents 4 0 R>>',
    });
    // The cross-reference stream is no object of the document.
    expect(document.entries.map(({ number }) => number)).toEqual([5, 1, 2, 3, 4]);
  });

  it('and of an object that stands twice, the later one counts, in or outside of object streams', async () => {
    const pdf = withPage(buildPdf()).object(5, '(old)').object(6, '(old)').object(7, '(old)');
    pdf.objectStream(8, [
      [5, '(newer)'],
      [6, '(newer)'],
    ]);
    pdf.object(6, '(newest)').objectStream(9, [[7, '(newest)']]);
    const document = await readBuilt(pdf.raw('trailer<</Root 1 0 R>>'));
    expect(await textsOf(document)).toMatchObject({ 5: '(newer)', 6: '(newest)', 7: '(newest)' });
  });

  it('and cross-references or an object stream are no catalog', async () => {
    for (const number of [9, 5]) {
      const document = await readBuilt(text(compressed().end()).replace('/Root 1 ', `/Root ${number} `));
      expect(document.rebuilt).toBe(true);
      expect(document.trailer.entries.get('Root')).toMatchObject({ number: 1 });
    }
  });

  it('and what streams hold is none of them', async () => {
    const inner = withPage(buildPdf('%PDF-1.4\n'), '(inner)')
      .object(9, '(inner)')
      .table('/Root 9 0 R/Size 5')
      .end();
    const pdf = withPage(buildPdf()).stream(5, '', inner.bytes());
    const document = await readBuilt(pdf.raw('trailer<</Root 1 0 R>>'));
    expect(document.entries.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect((await textsOf(document))[4]).toMatch(/stream BT ET$/);
    expect(document.trailer.entries.get('Root')).toMatchObject({ number: 1 });
  });

  it('and if no trailer leads to the catalog, it is found by its type', async () => {
    const pdf = withPage(buildPdf()).raw('trailer<</Root 4 0 R/ID[<aa><bb>]>>');
    const document = await readBuilt(pdf);
    expect(document.trailer.entries.get('Root')).toMatchObject({ number: 1 });
    expect(document.trailer.entries.has('ID')).toBe(true);
  });

  it('even where the search crosses the ends of what is read at once', async () => {
    for (const shift of [0, 1, 2, 5, 9, 14, 40]) {
      const filling = `%${'x'.repeat(1024 * 1024 - 60 - shift)}\n`;
      const document = await readBuilt(withPage(buildPdf().raw(filling)).raw('trailer<</Root 1 0 R>>'));
      expect(document.entries.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    }
  });

  it('but a file without a catalog is refused, and so is one that is no PDF', async () => {
    for (const file of ['', '%PDF-1.7', '%PDF-1.7\n1 0 obj<</Type/Page>>endobj', 'GIF89a', '\0'.repeat(5000)])
      await expect(readBuilt(file)).rejects.toMatchObject({ code: 'MALFORMED_CONTAINER' });
  });
});

describe('an object that is not where it should be', () => {
  it('is searched for once it is asked for', async () => {
    const good = simple().end();
    const place = text(good).indexOf('5 0 obj');
    const wrong = text(good).replace(String(place).padStart(10, '0'), '0000000020');
    const document = await readBuilt(wrong);
    expect(document.rebuilt).toBe(false);
    expect(await textOf(document, 5)).toBe('(five)');
    expect(document.rebuilt).toBe(true);
  });

  it('means null if it is nowhere', async () => {
    const document = await readBuilt(text(simple().end()).replace('5 0 obj', '6 0 obj'));
    expect(await document.object(5)).toBeUndefined();
    expect(await document.resolve(document.trailer.entries.get('Info'))).toBeNull();
  });

  it('may be a few blanks further on, or lack its endobj', async () => {
    const blanks = text(simple().end()).replace('5 0 obj\n(five)\nendobj', '    5  0\robj(five)   ');
    const document = await readBuilt(blanks);
    expect(await textOf(document, 5)).toBe('(five)');
    expect(document.rebuilt).toBe(false);
  });

  it('may be followed, it is said, by another beyond the end of the file', async () => {
    const pdf = withPage(buildPdf()).object(5, '(five');
    pdf.pending.set(6, { offset: 5_000_000, generation: 0 });
    const document = await readBuilt(pdf.table('/Root 1 0 R/Size 7').end());
    await expect(document.object(5)).rejects.toMatchObject({ code: 'MALFORMED_CONTAINER' });
    const whole = withPage(buildPdf()).object(7, '(seven)');
    whole.pending.set(6, { offset: 5_000_000, generation: 0 });
    const other = await readBuilt(whole.table('/Root 1 0 R/Size 8').end().bytes().slice(0, -2));
    expect(await other.object(6)).toBeUndefined();
    expect(await textOf(other, 7)).toBe('(seven)');
  });

  it('ends its data before the next object whenever it is read, also after the last object was', async () => {
    const document = await readBuilt(
      withPage(buildPdf())
        .stream(5, '', 'five', { length: undefined, end: '\n' })
        .stream(6, '', 'six')
        .table('/Root 1 0 R/Size 7')
        .end(),
    );
    const before = await textsOf(document);
    expect(before[5]).toMatch(/ stream five$/);
    expect(await textsOf(document)).toEqual(before);
  });

  it('is whole even if another is said to be in the middle of it', async () => {
    const pdf = withPage(buildPdf()).object(5, '[(one) (two) (three)]');
    pdf.pending.set(6, { offset: pdf.length - 20, generation: 0 });
    const document = await readBuilt(pdf.table('/Root 1 0 R/Size 7').end());
    expect(await textOf(document, 5)).toBe('[(one) (two) (three)]');
    expect(await document.object(6)).toBeUndefined();
  });
});

describe('damage that cannot be made good', () => {
  it.each([
    ['a dictionary without an end', '<</A 1'],
    ['an array without an end', '[1 2'],
    ['a string without an end', '(never ends'],
    ['a key that is no name', '<</A 1 2 3>>'],
    ['digits that are none', '<12xy>'],
    ['a word that means nothing', 'nil'],
    ['half of an end', '<</A 1>'],
  ])('is an error of that object alone: %s', async (_, value) => {
    const pdf = withPage(buildPdf()).object(5, value).object(6, '(six)');
    const document = await readBuilt(pdf.table('/Root 1 0 R/Size 7').end());
    await expect(document.object(5)).rejects.toMatchObject({ code: 'MALFORMED_CONTAINER' });
    expect(await textOf(document, 6)).toBe('(six)');
  });

  it('is an error where an object stream cannot be unpacked', async () => {
    const packed = buildPdf().objectStream(5, [[6, '(six)']]);
    const bytes = packed.bytes();
    const at = Buffer.from(bytes).indexOf('stream\n') + 9;
    const broken = concatBytes([bytes.subarray(0, at), latin1('????'), bytes.subarray(at + 4)]);
    const rest = withPage(buildPdf(broken && Buffer.from(broken).toString('latin1')));
    rest.pending.set(5, packed.pending.get(5) ?? 'free').set(6, { stream: 5, index: 0 });
    const document = await readBuilt(rest.crossReferences(9, '/Root 1 0 R/Size 10').end());
    await expect(document.object(6)).rejects.toMatchObject({ code: 'MALFORMED_CONTAINER' });
  });
});
