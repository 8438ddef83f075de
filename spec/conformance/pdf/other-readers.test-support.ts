import { execFile } from 'node:child_process';
import { hasProgram } from '../office/programs.test-support.ts';

// What other programs see of a PDF. Each is started once for a document, and several at a time.

/** Which of them are there. */
export const present = {
  qpdf: hasProgram('qpdf', '--version'),
  poppler: hasProgram('pdftoppm', '-v') && hasProgram('pdftotext', '-v') && hasProgram('pdfdetach', '-v'),
  mupdf: hasProgram('mutool', '-v'),
};

/** What a program wrote. */
export interface Heard {
  readonly status: number;
  readonly output: Buffer;
  readonly complaints: string;
}

const run = (program: string, options: readonly string[]): Promise<Heard> =>
  new Promise((resolve, reject) => {
    execFile(
      program,
      options,
      { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024, timeout: 60_000 },
      (error, output, complaints) => {
        const status = error === null ? 0 : error.code;
        if (typeof status === 'number') resolve({ status, output, complaints: complaints.toString() });
        else reject(error);
      },
    );
  });

/** How qpdf finds a document: 0 if all is well, 3 if it had something to say, 2 if it is damaged. */
export const checkedByQpdf = async (path: string): Promise<string> => {
  const { status, output, complaints } = await run('qpdf', ['--check', path]);
  return status === 0 ? 'well' : `${status} ${output.toString()}${complaints}`;
};

/** Every page as a picture in shades of grey, by poppler. */
export const picturesByPoppler = async (path: string): Promise<Buffer> =>
  (await run('pdftoppm', ['-r', '45', '-gray', path])).output;

/** The text of every page, by poppler. */
export const textByPoppler = async (path: string): Promise<string> =>
  (await run('pdftotext', [path, '-'])).output.toString();

/** The names of files embedded in it, by poppler. */
export const embeddedByPoppler = async (path: string): Promise<readonly string[]> =>
  [...(await run('pdfdetach', ['-list', path])).output.toString().matchAll(/^\d+: (.*)$/gm)].map(
    ([, name]) => name!,
  );

/** The text of every page, by MuPDF. */
export const textByMupdf = async (path: string): Promise<string> =>
  (await run('mutool', ['draw', '-q', '-F', 'txt', path])).output.toString();
