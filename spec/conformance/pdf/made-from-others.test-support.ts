import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasProgram } from '../office/programs.test-support.ts';
import { succeeded } from './processes.test-support.ts';
import { telling } from './telling.test-support.ts';

// PDFs saved again by another program than made them: other cross-references, object streams, updates, attachments.

type Run = readonly [
  name: string,
  program: string,
  options: (at: (name: string) => string) => readonly string[],
];

const attachment = telling.attachment;

/** What each run makes, from a PDF that was made before. */
const runs: readonly Run[] = [
  [
    'qpdf-object-streams',
    'qpdf',
    (at) => ['--object-streams=generate', at('latex-links'), at('qpdf-object-streams')],
  ],
  ['qpdf-linearized', 'qpdf', (at) => ['--linearize', at('latex-links'), at('qpdf-linearized')]],
  [
    'qpdf-linearized-streams',
    'qpdf',
    (at) => [
      '--linearize',
      '--object-streams=generate',
      at('ghostscript-1.7'),
      at('qpdf-linearized-streams'),
    ],
  ],
  ['qpdf-qdf', 'qpdf', (at) => ['--qdf', '--no-original-object-ids', at('cairo-gradient'), at('qpdf-qdf')]],
  [
    'qpdf-newlines',
    'qpdf',
    (at) => [
      '--newline-before-endstream',
      '--stream-data=uncompress',
      at('cairo-picture'),
      at('qpdf-newlines'),
    ],
  ],
  [
    'qpdf-rotated',
    'qpdf',
    (at) => ['--rotate=+90', '--coalesce-contents', at('plain-tex'), at('qpdf-rotated')],
  ],
  [
    'qpdf-merged',
    'qpdf',
    (at) => [
      '--empty',
      '--pages',
      at('latex-form'),
      at('cairo-tagged'),
      at('ghostscript-1.4'),
      '1',
      '--',
      at('qpdf-merged'),
    ],
  ],
  [
    'qpdf-attachment',
    'qpdf',
    (at) => [
      '--add-attachment',
      at(attachment),
      `--filename=${attachment}`,
      '--mimetype=text/plain',
      '--',
      at('cairo-text'),
      at('qpdf-attachment'),
    ],
  ],
  ['qpdf-version-2', 'qpdf', (at) => ['--force-version=2.0', at('latex-form'), at('qpdf-version-2')]],
  [
    'qpdf-preserved',
    'qpdf',
    (at) => [
      '--preserve-unreferenced',
      '--object-streams=disable',
      at('latex-object-streams'),
      at('qpdf-preserved'),
    ],
  ],
  ['mutool-cleaned', 'mutool', (at) => ['clean', '-gggg', '-z', at('latex-links'), at('mutool-cleaned')]],
  ['mutool-expanded', 'mutool', (at) => ['clean', '-d', '-a', at('ghostscript-1.7'), at('mutool-expanded')]],
  [
    'mutool-merged',
    'mutool',
    (at) => ['merge', '-o', at('mutool-merged'), at('cairo-clip'), at('latex-pdf-2')],
  ],
  [
    'poppler-united',
    'pdfunite',
    (at) => [at('ghostscript-1.3'), at('cairo-empty-page'), at('poppler-united')],
  ],
  [
    'poppler-attached',
    'pdfattach',
    (at) => [at('latex-uncompressed'), at(attachment), at('poppler-attached')],
  ],
  [
    'qpdf-says-everything',
    'qpdf',
    (at) => [
      '--object-streams=generate',
      '--compress-streams=y',
      at('says-everything'),
      at('qpdf-says-everything'),
    ],
  ],
  ['poppler-redrawn', 'pdftocairo', (at) => ['-pdf', at('ghostscript-1.4'), at('poppler-redrawn')]],
];

/** @returns names of PDFs in the folder, of the programs that are there and of the documents that were made */
export async function madeFromOthers(folder: string, made: ReadonlySet<string>): Promise<readonly string[]> {
  const at = (name: string): string => join(folder, name === attachment ? name : `${name}.pdf`);
  writeFileSync(at(attachment), telling.attached);
  const programs = new Set(
    ['qpdf', 'mutool', 'pdfunite', 'pdfattach', 'pdftocairo'].filter((program) =>
      hasProgram(program, '--version'),
    ),
  );
  const possible = runs.flatMap(([name, program, options]) => {
    const inputs = new Set<string>();
    const given = options((input) => {
      if (input !== attachment && input !== name) inputs.add(`${input}.pdf`);
      return at(input);
    });
    const can = programs.has(program) && [...inputs].every((input) => made.has(input));
    return can ? [{ name, program, options: given }] : [];
  });
  await succeeded(possible);
  return possible.map(({ name }) => `${name}.pdf`);
}

/** A page of a document that was made as a picture in JPEG. */
export async function jpegOf(folder: string, input: string): Promise<Uint8Array> {
  const size = ['-scale-to-x', '420', '-scale-to-y', '300'];
  const options = ['-jpeg', '-singlefile', ...size, join(folder, input), join(folder, 'page')];
  await succeeded([{ program: 'pdftoppm', options }]);
  return new Uint8Array(readFileSync(join(folder, 'page.jpg')));
}
