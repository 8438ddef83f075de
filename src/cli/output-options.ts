import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { SealwrightError } from '../errors.ts';
import type { FileOutputOptions } from '../node/index.ts';
import type { BatchFile } from './input-files.ts';
import { usageError } from './usage-error.ts';

/** Where results go. */
export interface PlaceOptions {
  readonly out?: string;
  readonly inPlace?: boolean;
  readonly overwrite?: boolean;
}

/**
 * Adds `--out`, `--in-place` and `--overwrite`.
 *
 * @param unsaid what happens without the first two
 */
export function addPlaceOptions(command: Command, unsaid = 'by default beside the originals'): Command {
  return command
    .option('--out <folder>', `where the new files go; ${unsaid}`)
    .option('--in-place', 'replace the originals')
    .option('--overwrite', 'replace files that are there already');
}

/** Adds `--recursive`. */
export function addRecursiveOption(command: Command): Command {
  return command.option('-r, --recursive', 'work on every file in the folders that are named');
}

/** Refuses two places at once, and a file where a folder goes. */
export async function checkPlace(options: PlaceOptions): Promise<void> {
  if (options.out !== undefined && options.inPlace) {
    throw usageError('--out and --in-place exclude each other. Leave one of them out.');
  }
  if (options.out === '') throw usageError('--out is empty. Name a folder.');
  const { out } = options;
  if (out === undefined) return;
  const facts = await stat(out).catch(() => undefined);
  if (facts === undefined || facts.isDirectory()) return;
  throw new SealwrightError(
    'NOT_A_FILE',
    `--out takes a folder, and ${out} is a file. Name a folder; the new files get their names by themselves.`,
    { path: out },
  );
}

/** The place of the result of one file, as the library takes it. */
export function placeOf(options: PlaceOptions, file: BatchFile): FileOutputOptions {
  return {
    out: options.out === undefined ? undefined : join(options.out, file.subfolder),
    inPlace: options.inPlace,
    overwrite: options.overwrite,
  };
}
