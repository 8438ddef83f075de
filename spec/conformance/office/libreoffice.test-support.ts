import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasProgram, runProgram } from './programs.test-support.ts';

// What a document looks like to LibreOffice: its pages as a picture and as text.

/** Whether LibreOffice and the programs that read its PDFs are there. */
export const libreOfficePresent: boolean =
  hasProgram('soffice', '--version') && hasProgram('pdftoppm', '-v') && hasProgram('pdftotext', '-v');

/** A document to be looked at; its name tells LibreOffice what to take it for, and is unique among its batch. */
export interface Document {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** How a document looks; `undefined` where LibreOffice could not load it. */
export interface Appearance {
  readonly firstPage: Picture;
  readonly text: string;
}

/** A picture in shades of grey, a byte a dot. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly dots: Uint8Array;
}

/** Has LibreOffice look at all documents in one start, which is the slow part of it. */
export function appearances(documents: readonly Document[]): ReadonlyMap<string, Appearance | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-libreoffice-'));
  const at = (...names: readonly string[]): string => join(folder, ...names);
  try {
    // Outputs are named after the inputs without their extension, so that stands in front, too.
    const inputs = documents.map(({ name, bytes }) => {
      const { name: stem, ext } = parse(name);
      const path = at(`${stem}-${ext.slice(1)}${ext}`);
      writeFileSync(path, bytes);
      return path;
    });
    convertAll(inputs, at('pdf'), pathToFileURL(at('profile')).href);
    return new Map(
      documents.map(({ name }, i) => [
        name,
        appearanceOf(at('pdf', `${parse(inputs[i] as string).name}.pdf`)),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Converts in as few starts as there can be: where LibreOffice breaks down, it is started anew behind that document. */
function convertAll(inputs: readonly string[], folder: string, profile: string): void {
  const options = ['--headless', '--norestore', '--convert-to', 'pdf', '--outdir', folder];
  for (let done = 0; done < inputs.length; ) {
    const { output } = runProgram(
      'soffice',
      [`-env:UserInstallation=${profile}`, ...options, ...inputs.slice(done)],
      300,
    );
    const attempts = output.match(/^(?:convert |Error: source file could not be loaded)/gm)?.length ?? 0;
    if (done + attempts < inputs.length && !output.includes('Unspecified Application Error'))
      throw new Error(`LibreOffice stopped after ${done + attempts} of ${inputs.length} documents.`);
    done += attempts + 1;
  }
}

function appearanceOf(pdf: string): Appearance | undefined {
  const { dir, name } = parse(pdf);
  const prefix = join(dir, `${name}-page`);
  const picture = runProgram('pdftoppm', [
    '-gray',
    '-r',
    '40',
    '-f',
    '1',
    '-l',
    '1',
    '-singlefile',
    pdf,
    prefix,
  ]);
  if (picture.status !== 0 || !readdirSync(dir).includes(`${name}-page.pgm`)) return undefined;
  return {
    firstPage: readPicture(new Uint8Array(readFileSync(`${prefix}.pgm`))),
    text: runProgram('pdftotext', [pdf, '-']).output,
  };
}

/** Reads a binary portable graymap with 8 bits a dot. */
export function readPicture(file: Uint8Array): Picture {
  const head = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(new TextDecoder('latin1').decode(file.subarray(0, 64)));
  if (head === null) throw new Error('pdftoppm wrote something else than a graymap.');
  const [width, height] = [Number(head[1]), Number(head[2])];
  const dots = file.subarray(head[0].length);
  if (dots.length !== width * height) throw new Error('The graymap is cut.');
  return { width, height, dots };
}

/** Mean difference of two pictures in shades, 0 to 255; the whole range if they differ in size. */
export function pictureDifference(a: Picture, b: Picture): number {
  if (a.width !== b.width || a.height !== b.height) return 255;
  let sum = 0;
  for (let i = 0; i < a.dots.length; i++) sum += Math.abs((a.dots[i] as number) - (b.dots[i] as number));
  return sum / a.dots.length;
}

/** How far a picture is from a blank page. */
export const inkOf = ({ width, height, dots }: Picture): number =>
  pictureDifference({ width, height, dots }, { width, height, dots: new Uint8Array(dots.length).fill(255) });

/** Words of a text that are worth looking for: five letters and more, in lower case. */
export const tellingWords = (text: string): ReadonlySet<string> =>
  new Set(text.toLowerCase().match(/\p{L}{5,}/gu) ?? []);
