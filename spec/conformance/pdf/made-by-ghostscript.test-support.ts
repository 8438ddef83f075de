import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasProgram } from '../office/programs.test-support.ts';
import { succeeded } from './processes.test-support.ts';
import { telling } from './telling.test-support.ts';

// PDFs by Ghostscript, of several versions, with and without object streams and compression.

const { word, title, author } = telling;

const page = (
  label: string,
): string => `/Helvetica findfont 24 scalefont setfont 72 700 moveto (${word} ${label}) show
0.2 0.5 0.9 setrgbcolor 100 400 200 120 rectfill 0 setgray 3 setlinewidth 100 300 moveto 200 350 300 250 400 320 curveto stroke
/Times-Roman findfont 12 scalefont setfont 72 200 moveto (by ${author}) show showpage`;

const source = `%!PS
[/Title (${title}) /Author (${author}) /DOCINFO pdfmark
[/Title (${word} one) /Page 1 /OUT pdfmark
[/Title (${word} two) /Page 2 /OUT pdfmark
[/Rect [72 690 300 730] /Border [0 0 1] /Subtype /Link /Page 2 /View [/Fit] /ANN pdfmark
[/Rect [72 600 300 640] /Contents (${word} on a note) /Subtype /Text /ANN pdfmark
[{Catalog} <</PageLabels <</Nums [0 <</S /r>>]>>>> /PUT pdfmark
${page('one')}
${page('two')}
`;

const runs: Readonly<Record<string, readonly string[]>> = {
  'ghostscript-1.3': ['-dCompatibilityLevel=1.3'],
  'ghostscript-1.4': ['-dCompatibilityLevel=1.4'],
  'ghostscript-1.7': ['-dCompatibilityLevel=1.7'],
  'ghostscript-2.0': ['-dCompatibilityLevel=2.0'],
  'ghostscript-uncompressed': ['-dCompressPages=false', '-dCompressFonts=false'],
};

/** Whether Ghostscript is there. */
export const ghostscriptPresent = hasProgram('gs', '--version');

/** @returns names of PDFs in the folder */
export async function madeByGhostscript(folder: string): Promise<readonly string[]> {
  const input = join(folder, 'ghostscript.ps');
  writeFileSync(input, source);
  const quiet = ['-q', '-dBATCH', '-dNOPAUSE', '-sDEVICE=pdfwrite'];
  await succeeded(
    Object.entries(runs).map(([name, options]) => ({
      program: 'gs',
      options: [...quiet, ...options, '-o', join(folder, `${name}.pdf`), input],
    })),
  );
  return Object.keys(runs).map((name) => `${name}.pdf`);
}
