import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SealwrightError } from '../errors.ts';
import { walkFolder } from '../node/index.ts';
import { printable } from './printable.ts';
import { countOf } from './quantity.ts';
import { type Session, writeLine } from './session.ts';
import { usageError } from './usage-error.ts';

/** One file to work on. */
export interface BatchFile {
  readonly path: string;
  /** Whether it was found in a folder that was named, rather than named itself. */
  readonly found: boolean;
  /** For a file found in a folder: its folder below that one, to be kept in the output. */
  readonly subfolder: string;
  /** Why the input cannot be worked on at all. */
  readonly failure?: unknown;
}

/** Which files of a folder are given, and when. */
export interface Expansion {
  readonly recursive: boolean;
  /** Each as soon as it is found; else the list is whole first, and work may write into the folder. */
  readonly asFound: boolean;
}

/** The files that were named and, with `--recursive`, those in folders that were named. */
export async function* expandInputs(
  session: Session,
  inputs: readonly string[],
  { recursive, asFound }: Expansion,
): AsyncGenerator<BatchFile> {
  for (const path of inputs) {
    if (path === '') {
      const failure = usageError(
        'One of the file names is empty: check the variable or the quotes it comes from.',
      );
      yield { path, found: false, subfolder: '', failure };
      continue;
    }
    // What cannot even be looked at is left to the work itself, which says why in its own words.
    const folder = await stat(path).then(
      (facts) => facts.isDirectory(),
      () => false,
    );
    if (!folder) yield { path, found: false, subfolder: '' };
    else if (recursive) yield* asFound ? filesIn(session, path) : await allFilesIn(session, path);
    else yield { path, found: false, subfolder: '', failure: isFolder(path) };
  }
}

async function* filesIn(session: Session, folder: string): AsyncGenerator<BatchFile> {
  const { stderr, err, signal } = session;
  for await (const entry of walkFolder(folder, { signal })) {
    const { path, kind } = entry;
    if (kind === 'file') yield { path, found: true, subfolder: dirname(entry.relativePath) };
    else if (kind === 'failed') yield { path, found: true, subfolder: '', failure: entry.error };
    else await writeLine(stderr, err.dim(`skipped: ${printable(path)} is a ${entry.why.replace('-', ' ')}`));
  }
}

// What the work writes into the folder is not found again.
async function allFilesIn(session: Session, folder: string): Promise<BatchFile[]> {
  const files: BatchFile[] = [];
  for await (const file of filesIn(session, folder)) files.push(file);
  const { stderr, err } = session;
  await writeLine(stderr, err.dim(`${countOf(files.length, 'file')} in the folder ${printable(folder)}`));
  return files;
}

/** What to say of a folder that was named without `--recursive`. */
export function isFolder(path: string): SealwrightError {
  return new SealwrightError(
    'NOT_A_FILE',
    `${path} is a folder: add --recursive to work on every file in it, or name the files.`,
    { path },
  );
}
