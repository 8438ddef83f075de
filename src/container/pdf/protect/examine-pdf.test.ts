import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../bytes/index.ts';
import { pdfFormat } from '../format.ts';
import { buildPdf, latin1, withPage } from '../test/build-pdf.ts';
import { protectedBytes, sample, samplesPresent } from './protect.test-support.ts';

const examine = (bytes: Uint8Array, name?: string) =>
  pdfFormat.examine({ head: bytes.subarray(0, 4096), source: memorySource(bytes), name });

/** A PDF whose catalog has these entries besides its pages; `more` are further objects, from 5 on. */
function withCatalog(entries: string, more: readonly string[] = []): Uint8Array {
  const builder = withPage(buildPdf()).object(1, `<</Type/Catalog/Pages 2 0 R${entries}>>`);
  for (const [i, text] of more.entries()) builder.object(5 + i, text);
  return builder
    .table(`/Size ${5 + more.length}/Root 1 0 R`)
    .end()
    .bytes();
}

const refused = (reason: string) => ({ code: 'UNSUPPORTED_FORMAT', details: { reason } });

describe('a PDF to be protected', () => {
  it('is taken by its content, and by its name where it has one', async () => {
    const pdf = withCatalog('');
    expect(await examine(pdf, 'report.PDF')).toBeDefined();
    expect(await examine(pdf)).toBeDefined();
    expect(await examine(pdf, 'drawing.ai')).toBeUndefined();
    expect(await examine(latin1('hello'), 'report.pdf')).toBeUndefined();
  });

  it('may have bytes in front of its header, but not many', () => {
    expect(pdfFormat.mayTake(latin1(`${' '.repeat(1000)}%PDF-1.4`), 'a.pdf')).toBe(true);
    expect(pdfFormat.mayTake(latin1(`${' '.repeat(1100)}%PDF-1.4`), 'a.pdf')).toBe(false);
    expect(pdfFormat.mayTake(latin1('%PD'), 'a.pdf')).toBe(false);
  });

  it('becomes a PFILE where it cannot be read', async () => {
    expect(await examine(latin1('%PDF-1.7\nnothing else'))).toBeUndefined();
  });

  it('keeps its name', () => {
    expect(pdfFormat.protectedName('a.pdf')).toBe('a.pdf');
    expect(pdfFormat.originalName('a.pdf', '.pdf')).toBe('a.pdf');
  });

  it('may be a portfolio, a form that waits for a signature, or a static XFA form', async () => {
    expect(await examine(withCatalog('/Collection<</View/T>>'))).toBeDefined();
    const waiting = '/AcroForm<</SigFlags 1/Fields[5 0 R]>>';
    expect(await examine(withCatalog(waiting, ['<</FT/Sig/T(one)>>']))).toBeDefined();
    expect(await examine(withCatalog('/AcroForm<</XFA(x)/Fields[]>>'))).toBeDefined();
    expect(await examine(withCatalog('/NeedsRendering true'))).toBeDefined();
  });
});

describe('a PDF that protection would damage is refused', () => {
  it.each([
    ['flags that ask to append only', '/AcroForm<</SigFlags 3/Fields[]>>', []],
    ['a signed field', '/AcroForm<</SigFlags 1/Fields[5 0 R]>>', ['<</FT/Sig/T(one)/V<</Type/Sig>>>>']],
    [
      'a signed field among the kids of another',
      '/AcroForm<</SigFlags 1/Fields[5 0 R]>>',
      ['<</T(one)/Kids[6 0 R]>>', '<</FT/Sig/T(two)/V 7 0 R>>', '<</Type/Sig>>'],
    ],
    ['fields that go round', '/AcroForm<</SigFlags 1/Fields[5 0 R]>>', ['<</T(one)/Kids[5 0 R 5 0 R]>>']],
    ['a certified document', '/Perms<</DocMDP 5 0 R>>', ['<</Type/Sig>>']],
    ['usage rights', '/Perms<</UR3 5 0 R>>', ['<</Type/Sig>>']],
  ])('as signed: %s', async (_, entries, more) => {
    await expect(examine(withCatalog(entries, more))).rejects.toMatchObject(refused('signed'));
  });

  it('as a dynamic form', async () => {
    const form = withCatalog('/NeedsRendering true/AcroForm<</XFA[(template)5 0 R]/Fields[]>>', ['null']);
    await expect(examine(form)).rejects.toMatchObject(refused('dynamic-xfa'));
  });

  it('as holding an encrypted document', async () => {
    const wrapper = withCatalog('/AF[5 0 R]', [
      '<</Type/Filespec/AFRelationship/EncryptedPayload/EP<</Subtype/Other>>>>',
    ]);
    await expect(examine(wrapper)).rejects.toMatchObject(refused('encrypted'));
  });

  it('as encrypted already', async () => {
    await expect(examine(await protectedBytes(withCatalog('')))).rejects.toMatchObject(refused('encrypted'));
  });

  it.skipIf(!samplesPresent)('as encrypted with a password', async () => {
    const file = sample('negatives/testPDF_no_extract_no_accessibility_owner_user.pdf');
    await expect(examine(file)).rejects.toMatchObject(refused('password'));
  });

  it('with what to do', async () => {
    await expect(examine(withCatalog('/AcroForm<</SigFlags 3>>'))).rejects.toThrow(
      'Protect the version before it was signed, or choose the format pfile.',
    );
  });
});
