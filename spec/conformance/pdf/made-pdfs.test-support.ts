import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cairoPresent, madeByCairo } from './made-by-cairo.test-support.ts';
import { ghostscriptPresent, madeByGhostscript } from './made-by-ghostscript.test-support.ts';
import { libreOfficePresent, madeByLibreOffice } from './made-by-libreoffice.test-support.ts';
import { madeByTex, texPresent } from './made-by-tex.test-support.ts';
import { jpegOf, madeByAppending, madeFromOthers, madeOfPictures } from './made-from-others.test-support.ts';

/** A document of the tests. */
export interface MadePdf {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const makers: readonly (readonly [
  program: string,
  present: boolean,
  make: (folder: string) => readonly string[],
])[] = [
  ['pdfTeX', texPresent, madeByTex],
  ['cairo', cairoPresent, madeByCairo],
  ['Ghostscript', ghostscriptPresent, madeByGhostscript],
  ['LibreOffice', libreOfficePresent, madeByLibreOffice],
];

/** Programs that are missing: what they would have made is not tested. */
export const missingPrograms: readonly string[] = makers.flatMap(([program, present]) =>
  present ? [] : [program],
);

const samples = '../shared/data/samples/plaintext';

/** Makes PDFs of many origins with the programs that are there, in a folder of the test. */
export function makePdfs(folder: string): readonly MadePdf[] {
  const names = makers.flatMap(([, present, make]) => (present ? make(folder) : []));
  names.push(...madeFromOthers(folder, new Set(names)), ...madeByAppending(folder));
  names.push(
    ...madeOfPictures(
      folder,
      names.includes('cairo-gradient.pdf') ? jpegOf(folder, 'cairo-gradient.pdf') : undefined,
    ),
  );
  const real = existsSync(samples) ? readdirSync(samples).filter((name) => name.endsWith('.pdf')) : [];
  return [
    ...names.map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(folder, name))) })),
    ...real.map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(samples, name))) })),
  ];
}
