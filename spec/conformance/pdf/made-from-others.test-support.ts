import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasProgram, runProgram } from '../office/programs.test-support.ts';
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
  ['poppler-redrawn', 'pdftocairo', (at) => ['-pdf', at('ghostscript-1.4'), at('poppler-redrawn')]],
];

/** @returns names of PDFs in the folder, of the programs that are there and of the documents that were made */
export function madeFromOthers(folder: string, made: ReadonlySet<string>): readonly string[] {
  const at = (name: string): string => join(folder, name === attachment ? name : `${name}.pdf`);
  writeFileSync(at(attachment), telling.attached);
  const programs = new Set(
    ['qpdf', 'mutool', 'pdfunite', 'pdfattach', 'pdftocairo'].filter((program) =>
      hasProgram(program, '--version'),
    ),
  );
  return runs.flatMap(([name, program, options]) => {
    const inputs = new Set<string>();
    const given = options((input) => {
      if (input !== attachment && input !== name) inputs.add(`${input}.pdf`);
      return at(input);
    });
    if (!programs.has(program) || ![...inputs].every((input) => made.has(input))) return [];
    const { status, output } = runProgram(program, given);
    // 3 is qpdf's for something that it had to say.
    if (status !== 0 && !(program === 'qpdf' && status === 3))
      throw new Error(`${program} did not make ${name}: ${output}`);
    return [`${name}.pdf`];
  });
}

/** A document that was changed by appending, twice, by nothing but its bytes. */
export function madeByAppending(folder: string): readonly string[] {
  const path = join(folder, 'appended.pdf');
  writeFileSync(path, appended());
  const damaged = join(folder, 'damaged-references.pdf');
  // Off by two: as if line ends had been changed on the way.
  writeFileSync(
    damaged,
    Buffer.from(
      appended()
        .toString('latin1')
        .replace(/startxref\n\d+/g, 'startxref\n7'),
      'latin1',
    ),
  );
  return ['appended.pdf', 'damaged-references.pdf'];
}

function appended(): Buffer {
  const { word, title, author } = telling;
  let file = '%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n';
  let previous = 0;
  const section = (objects: Readonly<Record<number, string>>): void => {
    const lines = ['0 1\n0000000000 65535 f \n'];
    for (const [number, body] of Object.entries(objects)) {
      lines.push(`${number} 1\n${String(file.length).padStart(10, '0')} 00000 n \n`);
      file += `${number} 0 obj\n${body}\nendobj\n`;
    }
    const start = file.length;
    const before = previous === 0 ? '' : `/Prev ${previous}`;
    file += `xref\n${lines.join('')}trailer\n<</Size 8/Root 1 0 R/Info 6 0 R${before}>>\nstartxref\n${start}\n%%EOF\n`;
    previous = start;
  };
  const contents = (text: string): string => {
    const drawing = `BT /F1 24 Tf 40 100 Td (${text}) Tj ET 0 0.5 0 rg 40 40 120 20 re f`;
    return `<</Length ${drawing.length}>>stream\r\n${drawing}\r\nendstream`;
  };
  section({
    1: '<</Type/Catalog/Pages 2 0 R>>',
    2: '<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 300 200]>>',
    3: '<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    4: contents(`${word} at first`),
    5: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>',
    6: `<</Title(${title})/Author<${Buffer.from(author, 'latin1').toString('hex')}>>>`,
  });
  section({ 4: contents(`${word} changed`) });
  section({
    3: '<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[7 0 R]/Resources<</Font<</F1 5 0 R>>>>>>',
    7: `<</Type/Annot/Subtype/Link/Rect[40 90 200 130]/Border[0 0 1]/A<</S/URI/URI(https://${word}.example/\\(x\\))>>>>`,
  });
  return Buffer.from(file, 'latin1');
}

/** Pictures as pages, the way scanners save them: JPEG data as it is, and raw samples. */
export function madeOfPictures(folder: string, jpeg: Uint8Array | undefined): readonly string[] {
  const names: string[] = [];
  const save = (name: string, dictionary: string, data: Uint8Array): void => {
    writeFileSync(join(folder, name), picturePage(dictionary, data));
    names.push(name);
  };
  if (jpeg !== undefined)
    save(
      'picture-jpeg.pdf',
      '/Width 420 /Height 300 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode',
      jpeg,
    );
  const raw = Uint8Array.from({ length: 60 * 40 * 3 }, (_, i) => (i * 7 + ((i / 180) | 0) * 5) & 0xff);
  save('picture-raw.pdf', '/Width 60 /Height 40 /ColorSpace /DeviceRGB /BitsPerComponent 8', raw);
  const bits = Uint8Array.from({ length: 8 * 64 }, (_, i) => (i * 37) & 0xff);
  save('picture-bits.pdf', '/Width 64 /Height 64 /ImageMask true /BitsPerComponent 1 /Decode [1 0]', bits);
  return names;
}

function picturePage(dictionary: string, data: Uint8Array): Buffer {
  const parts: Buffer[] = [];
  const offsets: number[] = [];
  let length = 0;
  const add = (part: string | Uint8Array): void => {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part);
    parts.push(bytes);
    length += bytes.length;
  };
  add('%PDF-1.5\r');
  const drawing = 'q 200 0 0 150 10 10 cm /I Do Q';
  const objects: readonly (readonly (string | Uint8Array)[])[] = [
    ['<</Type/Catalog/Pages 2 0 R>>'],
    ['<</Type/Pages/Count 1/Kids[3 0 R]>>'],
    ['<</Type/Page/Parent 2 0 R/MediaBox[0 0 220 170]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>'],
    [`<</Length ${drawing.length}>>\rstream\r\n${drawing}\rendstream`],
    [`<</Type/XObject/Subtype/Image ${dictionary}/Length ${data.length}>>\rstream\n`, data, '\rendstream'],
  ];
  objects.forEach((body, i) => {
    offsets.push(length);
    add(`${i + 1} 0 obj\r`);
    for (const part of body) add(part);
    add('\rendobj\r');
  });
  const start = length;
  const lines = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n\r\n`).join('');
  add(`xref\r0 ${objects.length + 1}\r0000000000 65535 f\r\n${lines}`);
  add(`trailer\r<</Size ${objects.length + 1}/Root 1 0 R>>\rstartxref\r${start}\r%%EOF\r`);
  return Buffer.concat(parts);
}

/** A picture in JPEG, of the documents that were made: Ghostscript draws one. */
export function jpegOf(folder: string, input: string): Uint8Array | undefined {
  const output = join(folder, 'page.jpg');
  const { status } = runProgram('pdftoppm', [
    '-jpeg',
    '-singlefile',
    '-scale-to-x',
    '420',
    '-scale-to-y',
    '300',
    join(folder, input),
    join(folder, 'page'),
  ]);
  return status === 0 ? new Uint8Array(readFileSync(output)) : undefined;
}
