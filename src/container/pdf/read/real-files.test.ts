import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memorySource } from '../../../bytes/index.ts';
import { objectsByQpdf, objectsByUs } from '../test/qpdf-oracle.ts';
import { fileBytes, installed, realPdfs, run, temporaryFolder } from '../test/tools.ts';
import { readPdf } from './read-pdf.ts';

const real = [...realPdfs('pdf'), ...realPdfs('plaintext')];
const folder = temporaryFolder();
afterAll(() => folder.remove());

async function expectAsByQpdf(path: string): Promise<void> {
  const document = await readPdf(memorySource(fileBytes(path)));
  expect(document.rebuilt).toBe(false);
  const expected = objectsByQpdf(path);
  expect(Object.keys(expected).length).toBeGreaterThan(3);
  expect(await objectsByUs(document)).toEqual(expected);
}

describe.skipIf(real.length === 0 || !installed('qpdf'))(
  'the objects of real files, as qpdf reads them',
  () => {
    it.each(real.map((path) => [basename(path), path] as const))('%s', (_, path) => expectAsByQpdf(path));

    it.each([
      ['in object streams', ['--object-streams=generate']],
      ['without object streams', ['--object-streams=disable']],
      ['linearized', ['--linearize']],
      ['linearized with object streams', ['--linearize', '--object-streams=generate']],
      ['in the form for editing', ['--qdf']],
      ['compressed anew', ['--recompress-flate', '--compression-level=9', '--object-streams=generate']],
    ])('written by qpdf, %s', async (name, options) => {
      for (const path of real) {
        const target = folder.path(`${name.replaceAll(' ', '-')}-${basename(path)}`);
        run('qpdf', [...options, path, target]);
        await expectAsByQpdf(target);
      }
    });

    it.skipIf(!installed('mutool'))('cleaned by mutool, with object streams', async () => {
      for (const path of real) {
        const target = folder.path(`mutool-${basename(path)}`);
        run('mutool', ['clean', '-gggg', '-z', path, target]);
        await expectAsByQpdf(target);
      }
    });

    it.skipIf(!installed('gs'))('distilled by Ghostscript', async () => {
      const target = folder.path('ghostscript.pdf');
      const text = '/Helvetica findfont 12 scalefont setfont 72 72 moveto (Grüße \\(so\\)) show showpage';
      writeFileSync(folder.path('page.ps'), `%!PS\n${text}\n${text}\n`);
      run('gs', [
        '-q',
        '-dBATCH',
        '-dNOPAUSE',
        '-sDEVICE=pdfwrite',
        `-sOutputFile=${target}`,
        folder.path('page.ps'),
      ]);
      await expectAsByQpdf(target);
    });
  },
);

describe.skipIf(!installed('pdflatex') || !installed('qpdf'))('a document typeset by pdfTeX', () => {
  const target = folder.path('tex.pdf');
  beforeAll(() => {
    const text =
      '\\documentclass{article}\\begin{document}\\section{One}Text\\newpage\\section{Two}$x^2$\\end{document}';
    writeFileSync(folder.path('tex.tex'), text);
    run('pdflatex', [
      '-interaction=batchmode',
      `-output-directory=${folder.path('')}`,
      folder.path('tex.tex'),
    ]);
  }, 30_000);

  it('has the objects that qpdf reads', () => expectAsByQpdf(target));
});
