import { stat } from 'node:fs/promises';
import { isFolder } from '../input-files.ts';
import { usageError } from '../usage-error.ts';
import { type SelectionOptions, usedSelection } from './selection-options.ts';

/** What decides whether a command line is about many files. */
export interface ManyFilesOptions extends SelectionOptions {
  readonly recursive?: boolean;
}

/**
 * Whether a command line is a run over many files: it names a folder with `--recursive`, or has an option that only such a run
 * has. Refuses options that would have no effect.
 *
 * @param used options that make a run of it, as they were typed
 */
export async function isRunOverMany(
  inputs: readonly string[],
  options: ManyFilesOptions,
  used: readonly string[],
): Promise<boolean> {
  const [selecting] = usedSelection(options);
  const folders = await foldersAmong(inputs);
  const asked = used.length > 0 || selecting !== undefined;
  if (!asked && folders.length === 0) return false;
  const [first] = folders;
  if (first !== undefined && !options.recursive) {
    if (asked) throw isFolder(first);
    return false;
  }
  if (selecting !== undefined && first === undefined) {
    throw usageError(
      `${selecting} chooses among the files of a folder, and none is named: name a folder and add --recursive, or leave ${selecting} out.`,
    );
  }
  if (inputs.includes('')) {
    throw usageError('One of the file names is empty: check the variable or the quotes it comes from.');
  }
  return true;
}

async function foldersAmong(inputs: readonly string[]): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const path of inputs) {
    // What cannot be looked at is left to the work itself, which says why in its own words.
    const facts = path === '' ? undefined : await stat(path).catch(() => undefined);
    if (facts?.isDirectory()) folders.push(path);
  }
  return folders;
}
