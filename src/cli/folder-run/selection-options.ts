import type { Command } from 'commander';
import type { FileSelection } from '../../node/index.ts';
import { collect } from '../repeatable-option.ts';
import { usageError } from '../usage-error.ts';
import { parseAge } from './age-option.ts';
import { parseSize } from './size-option.ts';

/** Which files of a folder, as they were typed. */
export interface SelectionOptions {
  readonly ext?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly minSize?: string;
  readonly maxSize?: string;
  readonly newer?: string;
  readonly older?: string;
  readonly ownedBy?: readonly string[];
  readonly includeExcluded?: boolean;
}

/** Options that choose among the files of a folder, and mean nothing without one. */
export const selectionFlags: Readonly<Record<keyof SelectionOptions, string>> = {
  ext: '--ext',
  include: '--include',
  exclude: '--exclude',
  minSize: '--min-size',
  maxSize: '--max-size',
  newer: '--newer',
  older: '--older',
  ownedBy: '--owned-by',
  includeExcluded: '--include-excluded',
};

/** Adds the options that choose among the files of a folder. */
export function addSelectionOptions(command: Command): Command {
  command.optionsGroup('Which files of a folder:');
  command
    .option('--ext <list>', 'files with these extensions: docx,xlsx (repeatable)', collect)
    .option('--include <pattern>', "files like this: '*.docx', 'plans/**' (repeatable; in quotes)", collect)
    .option('--exclude <pattern>', 'not files or folders like this (repeatable; in quotes)', collect)
    .option('--min-size <size>', 'files of at least this size: 64k, 10MB, 4GiB')
    .option('--max-size <size>', 'files of at most this size')
    .option('--newer <age>', 'files changed within this time (12h, 30d, 8w, 2y) or since this date')
    .option('--older <age>', 'files not changed within this time or since this date')
    .option('--owned-by <user>', 'files of this user of the file system (repeatable)', collect)
    .option('--include-excluded', 'also system folders and types, which are left out by default');
  command.optionsGroup('Options:');
  return command;
}

/** Reads the options; `undefined` if none was given. */
export function readSelection(options: SelectionOptions, now = new Date()): FileSelection | undefined {
  if (usedSelection(options).length === 0) return undefined;
  const { minSize, maxSize, newer, older } = options;
  const selection: FileSelection = {
    extensions: extensionsOf(options.ext),
    include: patternsOf(options.include, '--include'),
    exclude: patternsOf(options.exclude, '--exclude'),
    minSize: minSize === undefined ? undefined : parseSize(minSize, '--min-size'),
    maxSize: maxSize === undefined ? undefined : parseSize(maxSize, '--max-size'),
    modifiedSince: newer === undefined ? undefined : parseAge(newer, '--newer', now),
    modifiedBefore: older === undefined ? undefined : parseAge(older, '--older', now),
    owners: patternsOf(options.ownedBy, '--owned-by'),
    includeExcluded: options.includeExcluded,
  };
  refuseNothing(selection, options);
  return selection;
}

/** The options of these that were given, as they are typed. */
export function usedSelection(options: SelectionOptions): readonly string[] {
  const names = Object.keys(selectionFlags) as (keyof SelectionOptions)[];
  return names.filter((name) => options[name] !== undefined).map((name) => selectionFlags[name]);
}

function extensionsOf(lists: readonly string[] | undefined): readonly string[] | undefined {
  return lists
    ?.flatMap((list) => list.split(','))
    .map((text) => {
      const extension = text.trim().replace(/^\*?\./, '');
      if (extension !== '' && !/[/\\*?\s]/.test(extension)) return extension;
      throw usageError(
        `--ext takes extensions such as docx,pdf, not "${text}". For patterns there is --include.`,
      );
    });
}

function patternsOf(texts: readonly string[] | undefined, option: string): readonly string[] | undefined {
  if (texts?.includes('')) {
    throw usageError(`${option} is empty: check the variable or the quotes it comes from.`);
  }
  return texts;
}

/** Limits that exclude each other are a slip, and a run that finds nothing would hide it. */
function refuseNothing(selection: FileSelection, options: SelectionOptions): void {
  const { minSize, maxSize, modifiedSince, modifiedBefore } = selection;
  if (minSize !== undefined && maxSize !== undefined && minSize > maxSize) {
    throw usageError(
      `No file is both at least ${options.minSize} and at most ${options.maxSize}: exchange --min-size and --max-size.`,
    );
  }
  if (modifiedSince !== undefined && modifiedBefore !== undefined && modifiedSince >= modifiedBefore) {
    throw usageError(
      `No file is both newer than ${options.newer} and older than ${options.older}: exchange --newer and --older.`,
    );
  }
}
