import { hasProgram } from '../office/programs.test-support.ts';
import { type Command, type Heard, heard, succeeded } from './processes.test-support.ts';

// What other programs see of PDFs: all of them asked at once.

/** Which of them are there. */
export const present = {
  qpdf: hasProgram('qpdf', '--version'),
  poppler: hasProgram('pdftoppm', '-v') && hasProgram('pdftotext', '-v') && hasProgram('pdfdetach', '-v'),
  mupdf: hasProgram('mutool', '-v'),
};

/** Dots to an inch of pictures: as few as still show a change of one letter. */
const resolution = ['-r', '36', '-gray'];

const questions = {
  /** How qpdf finds a document. */
  check: (path: string) => ({ program: 'qpdf', options: ['--check', path] }),
  /** Every page as a picture in shades of grey, by poppler: PGM files one behind the other. */
  pictures: (path: string) => ({ program: 'pdftoppm', options: [...resolution, path] }),
  /** The text of every page, by poppler. */
  text: (path: string) => ({ program: 'pdftotext', options: [path, '-'] }),
  /** The files embedded in it, by poppler. */
  embedded: (path: string) => ({ program: 'pdfdetach', options: ['-list', path] }),
} as const satisfies Record<string, (path: string) => Command>;

type Question = keyof typeof questions;

/** What programs said of one document. Of a program that is missing there is nothing. */
export interface Seen {
  /** `well`, or what qpdf complains of. */
  readonly check?: string | undefined;
  readonly pictures?: Buffer | undefined;
  readonly text?: string | undefined;
  readonly embedded?: readonly string[] | undefined;
}

const canAnswer = (question: Question): boolean => (question === 'check' ? present.qpdf : present.poppler);

/** Asks about several documents. @returns in the order of the paths */
export async function seenByOthers(
  paths: readonly string[],
  asked: readonly Question[],
): Promise<readonly Seen[]> {
  const possible = asked.filter(canAnswer);
  const answers = await heard(paths.flatMap((path) => possible.map((question) => questions[question](path))));
  return paths.map((_, i) => {
    const of = (question: Question): Heard | undefined =>
      possible.includes(question) ? answers[i * possible.length + possible.indexOf(question)] : undefined;
    const check = of('check');
    const embedded = of('embedded');
    return {
      check: check && (check.status === 0 ? 'well' : `${check.status} ${check.output}${check.complaints}`),
      pictures: of('pictures')?.output,
      text: of('text')?.output.toString(),
      embedded:
        embedded && [...embedded.output.toString().matchAll(/^\d+: (.*)$/gm)].map(([, name = '']) => name),
    };
  });
}

/** The text of every page of several documents, one behind the other, by MuPDF. */
export async function textByMupdf(paths: readonly string[]): Promise<string> {
  const [text] = await heard([{ program: 'mutool', options: ['draw', '-q', '-F', 'txt', ...paths] }]);
  return text!.output.toString();
}

/** Every page of several documents as a picture, by poppler, which puts their pages together before. */
export async function picturesOfAll(paths: readonly string[], united: string): Promise<readonly Buffer[]> {
  await succeeded([{ program: 'pdfunite', options: [...paths, united] }]);
  const [seen] = await seenByOthers([united], ['pictures']);
  return apart(seen!.pictures!);
}

/** PGM files one behind the other, each by itself. */
function apart(pictures: Buffer): readonly Buffer[] {
  const all: Buffer[] = [];
  for (let at = 0; at < pictures.length; ) {
    const header = /^P5\n(\d+) (\d+)\n255\n/.exec(pictures.toString('latin1', at, at + 40));
    if (header === null) throw new Error('What poppler wrote is no picture.');
    const end = at + header[0].length + Number(header[1]) * Number(header[2]);
    all.push(pictures.subarray(at, end));
    at = end;
  }
  return all;
}
