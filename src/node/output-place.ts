import { accessSync, constants, lstatSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SealwrightError } from '../errors.ts';
import { fileError, newNameTooLong, outputExists, systemCodeOf } from './file-error.ts';
import type { FileSource } from './file-source.ts';
import { keptName, type NameSuffix } from './kept-name.ts';
import type { FileOutputOptions } from './output-options.ts';
import { temporaryName } from './temporary-name.ts';

/** Where the new file is to be. */
export interface OutputPlace {
  readonly path: string;
  readonly inPlace: boolean;
  readonly overwrite: boolean;
  /** Folder that may have to be created first. */
  readonly newFolder: string | undefined;
}

/**
 * The place that `options` name for a file called `name` that is made from the one at `input`. Where that
 * would be the input itself, though it is to stay, the new file's name says what was done to it; without a
 * `suffix`, which says that, {@link assertPlaceFree} refuses the place.
 */
export function outputPlace(
  input: string,
  name: string,
  suffix: NameSuffix | undefined,
  options: FileOutputOptions,
): OutputPlace {
  const { out, to, inPlace = false, overwrite = false } = options;
  if ([out !== undefined, to !== undefined, inPlace].filter(Boolean).length > 1)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'Say where the file is to go in one way only: a folder (out), a path (to), or in place.',
      { path: input },
    );
  const usual = basename(name);
  const folder = out ?? dirname(input);
  const keeps = suffix !== undefined && !inPlace && usual === basename(input);
  return {
    path: to ?? join(folder, keeps ? keptName(usual, suffix, isSameFolder(folder, dirname(input))) : usual),
    inPlace,
    overwrite,
    newFolder: out,
  };
}

/** Refuses, before anything is written, a place that is taken or cannot be taken. */
export function assertPlaceFree(place: OutputPlace, source: FileSource): void {
  const { path, inPlace } = place;
  if (!inPlace || path !== source.path) assertFree(place, source);
  if (path.length > longPath) assertTemporaryFits(path, source);
}

/** Characters of a path from which on a temporary name, which has some 200, may be too long for the system. */
const longPath = 500;

function assertTemporaryFits(path: string, source: FileSource): void {
  newFacts(join(dirname(path), temporaryName(basename(path))), source);
}

function assertFree(place: OutputPlace, source: FileSource): void {
  const { path } = place;
  const found = newFacts(path, source);
  if (found === undefined) return;
  const target = found.isSymbolicLink() ? factsOf(path, true) : found;
  if (target !== undefined && target.dev === source.facts.dev && target.ino === source.facts.ino)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `${path} is the input itself: choose another place for the output, or work in place.`,
      { path },
    );
  if (found.isDirectory())
    throw new SealwrightError('NOT_A_FILE', `${path} is a folder: choose another name for the output.`, {
      path,
    });
  if (!found.isFile() && !found.isSymbolicLink())
    throw new SealwrightError(
      'NOT_A_FILE',
      `${path} is a pipe, socket or device, which a file must not replace: choose another name for the output.`,
      { path },
    );
  if (!place.overwrite) throw outputExists(path);
}

/** Refuses to work in place on what would not be replaced as a user expects. */
export function assertReplaceable(path: string): void {
  if (factsOf(path, false)?.isSymbolicLink())
    throw new SealwrightError(
      'NOT_A_FILE',
      `${path} is a symbolic link, which would lead nowhere afterwards: give the path of the file itself to work in place.`,
      { path },
    );
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw fileError(error, { action: 'replace', path });
  }
}

function isSameFolder(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [factsOf(one, true), factsOf(other, true)];
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/** What stands where a new file is to be; says both names if the new one is too long. */
function newFacts(path: string, source: FileSource) {
  try {
    return factsOf(path, false);
  } catch (error) {
    const tooLong = error instanceof SealwrightError && systemCodeOf(error.cause) === 'ENAMETOOLONG';
    throw tooLong ? newNameTooLong(source.path, path, error.cause) : error;
  }
}

function factsOf(path: string, follow: boolean) {
  try {
    return (follow ? statSync : lstatSync)(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    const explained = fileError(error, { action: 'write', path });
    if (explained instanceof SealwrightError && explained.code === 'FILE_NOT_FOUND') return undefined;
    throw explained;
  }
}
