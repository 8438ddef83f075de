import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasProgram } from '../office/programs.test-support.ts';
import { heard } from './processes.test-support.ts';
import { telling } from './telling.test-support.ts';

// PDFs by pdfTeX: Type 1 fonts, links, outlines, page labels, forms, objects in streams or not.

const { word, title, author } = telling;

const latex = (first: string, body: string): string =>
  [
    first,
    '\\documentclass{article}',
    `\\usepackage[pdftitle={${title}},pdfauthor={${author}},pdfkeywords={${word}}]{hyperref}`,
    `\\begin{document}${body}\\end{document}`,
  ].join('\n');

const chapters = [
  `\\pagenumbering{roman}\\tableofcontents\\section{${word} accounts}\\label{a} See section \\ref{b} on page \\pageref{b}`,
  ` and \\url{https://${word}.example/}. $$\\int_0^1 x^2\\,dx = \\sum_{n=1}^{\\infty} \\frac1{3^n}$$`,
  '\\newpage\\pagenumbering{arabic}\\section{Second}\\label{b} Back to \\hyperlink{top}{the top}.\\hypertarget{top}{}',
].join('\n');
const form = `\\begin{Form}\\TextField[name=wages,value={${word}}]{Wages of ${word}} \\end{Form} Under it, a rule: \\rule{3cm}{1mm}`;

const sources: Readonly<Record<string, string>> = {
  'latex-links': latex('\\pdfminorversion=4\\pdfobjcompresslevel=0', chapters),
  'latex-object-streams': latex('\\pdfminorversion=7\\pdfobjcompresslevel=3', chapters),
  'latex-uncompressed': latex('\\pdfcompresslevel=0\\pdfobjcompresslevel=0', chapters),
  'latex-form': latex('', form),
  'latex-pdf-2': latex(
    '\\pdfmajorversion=2\\pdfminorversion=0',
    `Text of ${word}.\\newpage And a second page.`,
  ),
};

const plain = `\\pdfinfo{/Title (${title}) /Author (${author})}\n${word} in plain \\TeX. \\vfill\\eject Second page. \\bye\n`;

/** Whether pdfTeX is there, with LaTeX. */
export const texPresent = hasProgram('pdflatex', '--version');

/** @returns names of PDFs in the folder */
export async function madeByTex(folder: string): Promise<readonly string[]> {
  const all = { ...sources, 'plain-tex': plain };
  for (const [name, source] of Object.entries(all)) writeFileSync(join(folder, `${name}.tex`), source);
  const run = (name: string) => ({
    program: 'env',
    options: [
      // No fonts are to be made for want of one.
      'MKTEXTFM=0',
      'MKTEXPK=0',
      name === 'plain-tex' ? 'pdftex' : 'pdflatex',
      '-interaction=batchmode',
      `-output-directory=${folder}`,
      `-jobname=${name}-made`,
      join(folder, `${name}.tex`),
    ],
  });
  const heardOf = await heard(Object.keys(all).map(run));
  // Contents and references are known the second time only.
  await heard([run('latex-links')]);
  return Object.keys(all).map((name, i) => {
    try {
      renameSync(join(folder, `${name}-made.pdf`), join(folder, `${name}.pdf`));
    } catch {
      throw new Error(`TeX made no ${name}.pdf: ${heardOf[i]?.output.toString().slice(-500)}`);
    }
    return `${name}.pdf`;
  });
}
