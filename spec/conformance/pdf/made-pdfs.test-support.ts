import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasProgram } from '../office/programs.test-support.ts';
import { cairoPresent, madeByCairo } from './made-by-cairo.test-support.ts';
import { ghostscriptPresent, madeByGhostscript } from './made-by-ghostscript.test-support.ts';
import { madeByAppending, madeOfPictures } from './made-by-hand.test-support.ts';
import { libreOfficePresent, madeByLibreOffice } from './made-by-libreoffice.test-support.ts';
import { madeByTex, texPresent } from './made-by-tex.test-support.ts';
import { jpegOf, madeFromOthers } from './made-from-others.test-support.ts';
import { tellingPdf } from './made-to-tell.test-support.ts';

/** A document of the tests. */
export interface MadePdf {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Whether it says the texts of the tests, and not only shows pictures or what its maker had to say. */
  readonly tells: boolean;
}

type Make = (folder: string) => Promise<readonly string[]>;

/** LibreOffice first: it takes longest, most of it waiting. */
const makers: readonly (readonly [program: string, present: boolean, make: Make])[] = [
  ['LibreOffice', libreOfficePresent, madeByLibreOffice],
  ['pdfTeX', texPresent, madeByTex],
  ['cairo', cairoPresent, madeByCairo],
  ['Ghostscript', ghostscriptPresent, madeByGhostscript],
];

/** Programs that are missing: what they would have made is not tested. */
export const missingPrograms: readonly string[] = makers.flatMap(([program, present]) =>
  present ? [] : [program],
);

const samples = '../shared/data/samples/plaintext';

/** The document that says everything, which others are made from. */
const sayingEverything = 'says-everything.pdf';

/** Makes PDFs of many origins with the programs that are there, in a folder of the test. */
export async function makePdfs(folder: string): Promise<readonly MadePdf[]> {
  writeFileSync(join(folder, sayingEverything), tellingPdf());
  const [office, ...made] = makers.map(async ([, present, make]) => (present ? make(folder) : []));
  // Nothing is made from what LibreOffice makes.
  const first = [sayingEverything, ...(await Promise.all(made)).flat()];
  const others = await madeFromOthers(folder, new Set(first));
  const hasPicture = first.includes('cairo-gradient.pdf') && hasProgram('pdftoppm', '-v');
  const jpeg = hasPicture ? await jpegOf(folder, 'cairo-gradient.pdf') : undefined;
  const pictures = madeOfPictures(folder, jpeg);
  const names = [...((await office) ?? []), ...first, ...others, ...madeByAppending(folder)];
  const real = existsSync(samples) ? readdirSync(samples).filter((name) => name.endsWith('.pdf')) : [];
  const read = (from: string, tells: boolean) => (name: string) => ({
    name,
    bytes: new Uint8Array(readFileSync(join(from, name))),
    tells,
  });
  return [
    ...names.map(read(folder, true)),
    ...pictures.map(read(folder, false)),
    ...real.map(read(samples, false)),
  ];
}
