import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extensionOf } from './extension.ts';
import { originalName, protectedName } from './naming.ts';

describe('naming a protected file', () => {
  it.each([
    ['a.txt', 'a.ptxt'],
    ['a.TXT', 'a.pTXT'],
    ['a.xml', 'a.pxml'],
    ['a.jpg', 'a.pjpg'],
    ['a.jpeg', 'a.pjpeg'],
    ['a.jpe', 'a.pjpe'],
    ['a.jfif', 'a.pjfif'],
    ['a.jif', 'a.pjif'],
    ['a.png', 'a.ppng'],
    ['a.tif', 'a.ptif'],
    ['a.tiff', 'a.ptiff'],
    ['a.bmp', 'a.pbmp'],
    ['a.gif', 'a.pgif'],
    ['a.jt', 'a.pjt'],
    ['Drawing.vsd', 'Drawing.vsd.pfile'],
    ['a.pdf', 'a.pdf.pfile'],
    ['a.tar.gz', 'a.tar.gz.pfile'],
    ['README', 'README.pfile'],
    ['.bashrc', '.bashrc.pfile'],
    ['.txt', '.txt.pfile'],
    ['a.', 'a..pfile'],
    ['a.ptxt', 'a.ptxt.pfile'],
    ['a.pfile', 'a.pfile.pfile'],
    ['../a/b.txt', '.._a_b.ptxt'],
    ['a\u202etxt.exe', 'a_txt.exe.pfile'],
    ['', 'document.pfile'],
  ])('makes of %j the name %j', (name, wanted) => {
    expect(protectedName(name)).toBe(wanted);
  });
});

describe('naming an opened file', () => {
  it.each([
    ['a.ptxt', '.txt', 'a.txt'],
    ['a.PTXT', '.txt', 'a.TXT'],
    ['a.ptxt', undefined, 'a.txt'],
    ['a.ppdf', undefined, 'a.pdf'],
    ['a.ppdf', '.pdf', 'a.pdf'],
    ['a.vsd.pfile', '.vsd', 'a.vsd'],
    ['a.vsd.PFILE', undefined, 'a.vsd'],
    ['README.pfile', '', 'README'],
    ['renamed.pfile', '.docx', 'renamed.docx'],
    ['v1.2.pfile', '.pdf', 'v1.2.pdf'],
    ['a.txt', '.txt', 'a.txt'],
    ['a.dat', '.txt', 'a.dat.txt'],
    ['a', '.txt', 'a.txt'],
    ['a', undefined, 'a'],
    ['a.ptxt', '.csv', 'a.csv'],
    ['a.pcad', '.cad', 'a.cad'],
    ['a.psd', undefined, 'a.psd'],
    ['a.pfile', '.pfile', 'a'],
    ['a.pfile.pfile', '.pfile', 'a.pfile'],
    ['.pfile', '.txt', 'document.txt'],
    ['a.pfile', '/../x', 'a'],
    ['../b.ptxt', '.txt', '.._b.txt'],
    ['a.pfile', '.\u202etxt', 'a'],
  ])('makes of %j with the stored extension %j the name %j', (name, stored, wanted) => {
    expect(originalName(name, stored)).toBe(wanted);
  });

  it('gives back the name that was protected, with or without a stored extension', () => {
    const extension = fc.constantFrom(
      '.txt',
      '.TXT',
      '.pdf',
      '.ppdf',
      '.pfile',
      '.ptxt',
      '.PFILE',
      '.vsd',
      '.x y',
      '.',
      '',
    );
    const stem = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
      fc.constantFrom('a', '.a', 'a.pfile', 'a.ptxt', '..', 'b.tar'),
    );
    fc.assert(
      fc.property(stem, extension, (start, end) => {
        const name = start + end;
        fc.pre(!/[/\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name));
        const made = protectedName(name);
        expect(originalName(made, extensionOf(name))).toBe(name);
        expect(originalName(made, undefined)).toBe(name);
      }),
      { numRuns: 2000 },
    );
  });

  it('never makes a path, a hidden character or an empty name, whatever is stored', () => {
    const character = fc.oneof(fc.nat(0x7f), fc.nat(0x10ffff)).map((code) => String.fromCodePoint(code));
    const anything = fc.string({ unit: character, maxLength: 30 });
    fc.assert(
      fc.property(anything, fc.option(anything, { nil: undefined }), (name, stored) => {
        for (const made of [protectedName(name), originalName(name, stored && `.${stored}`)])
          expect(made).toMatch(/^[^/\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the extension to store', () => {
  it.each([
    ['Report.DOCX', '.DOCX'],
    ['a.tar.gz', '.gz'],
    ['README', ''],
    ['.bashrc', ''],
    ['a.', ''],
    [`a.${'x'.repeat(33)}`, ''],
    ['a.b/c', ''],
  ])('of %j is %j', (name, wanted) => {
    expect(extensionOf(name)).toBe(wanted);
  });
});
