import { describe, expect, it } from 'vitest';
import { maxima, memorySource } from '../../../bytes/index.ts';
import { asDictionary } from '../read/dictionary.ts';
import { readPdf } from '../read/read-pdf.ts';
import { rewritten } from '../rewrite/rewritten.ts';
import { buildPdf, type PdfBuilder, withPage } from '../test/build-pdf.ts';
import { readBuilt, textOf, textsOf } from '../test/read-built.ts';
import { bytesOf, openedBytes, protectedBytes } from './protect.test-support.ts';
import { refuseUnprotectable } from './refuse-unprotectable.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Protected, opened and read again. */
const throughAndBack = async (pdf: PdfBuilder) =>
  readBuilt(await openedBytes(await protectedBytes(pdf.bytes())));

describe('a document that is put together oddly', () => {
  it('comes back where it states a size that leaves no numbers', async () => {
    for (const size of [maxima.pdfObjects, maxima.pdfObjects + 1, 9_007_199_254_740_991]) {
      const inTable = withPage(buildPdf()).table(`/Root 1 0 R/Size ${size}`).end();
      const inStream = withPage(buildPdf()).objectStream(5, [[6, '(x)']]);
      inStream.crossReferences(7, `/Root 1 0 R/Size ${size}`).end();
      for (const pdf of [inTable, inStream]) {
        const payload = await readPdf(memorySource(await protectedBytes(pdf.bytes())));
        expect(payload.rebuilt).toBe(false);
        expect(await textOf(await throughAndBack(pdf), 1)).toContain('/Catalog');
      }
    }
  });

  it('is refused where it has no number left for what is added', async () => {
    const pdf = withPage(buildPdf()).object(maxima.pdfObjects, '(last)').table('/Root 1 0 R/Size 5').end();
    await expect(protectedBytes(pdf.bytes())).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('comes back where generations are higher than there are', async () => {
    for (const generation of [65_535, 99_999, 0x8000_0000, 0xffff_ffff]) {
      const inTable = withPage(buildPdf()).object(5, '(kept)', generation).table('/Root 1 0 R/Size 6').end();
      const inStream = withPage(buildPdf())
        .object(5, '(kept)', generation)
        .objectStream(6, [[7, '(x)']]);
      inStream.crossReferences(8, '/Root 1 0 R/Size 9', { widths: [1, 4, 4] }).end();
      for (const pdf of [inTable, inStream]) {
        const opened = await throughAndBack(pdf);
        expect(opened.rebuilt).toBe(false);
        expect(await textOf(opened, 5)).toBe('(kept)');
      }
    }
  });

  it('shows nothing that stands in the place of a signature or an identifier', async () => {
    const pdf = withPage(buildPdf())
      .object(5, '<</Type/Sig/ByteRange[0 1 2 3]/Contents[(SECRET-A)]>>')
      .object(6, '<</Type/Sig/ByteRange[0 1 2 3]/Contents<</A(SECRET-B)>>>>')
      .table('/Root 1 0 R/Size 7/ID[(0123456789abcdef)(0123456789abcdef)(SECRET-C)<</A(SECRET-D)>>]')
      .end();
    const payload = await protectedBytes(pdf.bytes());
    expect(text(pdf.bytes())).toContain('SECRET-D');
    expect(text(payload)).not.toContain('SECRET');
    const opened = await textsOf(await throughAndBack(pdf));
    expect(opened[5]).toContain('SECRET-A');
    expect(opened[6]).toContain('SECRET-B');
    for (const id of ['null', '(SECRET)', '[(SECRET)]']) {
      const other = withPage(buildPdf()).table(`/Root 1 0 R/Size 7/ID ${id}`).end();
      const bytes = await protectedBytes(other.bytes());
      expect(text(bytes)).not.toContain('SECRET');
      expect(text(bytes)).toMatch(/\/ID \[[(<]/);
    }
  });

  it('keeps what other filters are told where a crypt filter is told it in another object', async () => {
    const pdf = withPage(buildPdf())
      .stream(5, '/Filter[/Crypt/FlateDecode]/DecodeParms 6 0 R', 'data')
      .object(6, '[<</Name 8 0 R>> 7 0 R]')
      .object(7, '<</Predictor 12/Columns 4>>')
      .object(8, '/Identity')
      .table('/Root 1 0 R/Size 9')
      .end();
    const opened = await throughAndBack(pdf);
    expect(await textOf(opened, 5)).toBe('<</Filter [/FlateDecode] /DecodeParms [7 0 R] /Length 4>>');
    expect(await textOf(opened, 7)).toBe('<</Predictor 12 /Columns 4>>');
  });

  it('is refused where a stream has filters without an end', async () => {
    const pdf = withPage(buildPdf()).stream(5, '/Filter 6 0 R', 'data');
    pdf
      .object(6, `[${'7 0 R '.repeat(100_000)}]`)
      .object(7, '/FlateDecode')
      .table('/Root 1 0 R/Size 8')
      .end();
    await expect(protectedBytes(pdf.bytes())).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('has a cross-reference stream where a table has no room for its offsets', async () => {
    const document = await readBuilt(withPage(buildPdf('%PDF-1.4\n')).table('/Root 1 0 R/Size 5').end());
    expect(text(await bytesOf(rewritten(document, 1000)))).toContain('\nxref\n');
    const large = await readBuilt(await bytesOf(rewritten(document, 9_900_000_000)));
    expect(large.version).toBe('1.5');
    expect(asDictionary((await large.object(1))?.value)?.entries.has('Pages')).toBe(true);
    expect(text(await bytesOf(rewritten(document, 9_900_000_000)))).not.toContain('\nxref\n');
  });
});

describe('a form', () => {
  const form = (fields: string) =>
    buildPdf()
      .object(1, '<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 1/Fields 3 0 R>>>>')
      .object(2, '<</Type/Pages/Kids[]/Count 0>>')
      .object(3, fields);

  it('is signed where the kind of the field that is stands above it', async () => {
    const pdf = form('[<</FT/Sig/T(a)/Kids[<</T(b)/V 4 0 R>>]>>]').object(4, '<</Type/Sig>>');
    const document = await readBuilt(pdf.table('/Root 1 0 R/Size 5').end());
    await expect(refuseUnprotectable(document)).rejects.toMatchObject({ details: { reason: 'signed' } });
  });

  it('counts as signed where it has more fields than are looked at', async () => {
    const document = await readBuilt(
      form(`[${'null '.repeat(10_001)}]`)
        .table('/Root 1 0 R/Size 4')
        .end(),
    );
    await expect(refuseUnprotectable(document)).rejects.toMatchObject({ details: { reason: 'signed' } });
  });
});
