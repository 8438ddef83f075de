import { type BigIntStats, linkSync, lstatSync, renameSync, unlinkSync } from 'node:fs';
import { outputExists, systemCodeOf } from './file-error.ts';

// These calls are made one right after the other and block: nothing of ours may come between them.

/** Moves `from` to `to` in the same folder; without `overwrite` it never replaces a file, whoever made it. */
export function moveFile(from: string, to: string, overwrite: boolean): void {
  if (overwrite) {
    renameSync(from, to);
    return;
  }
  try {
    // A link is refused if the name is taken, where a rename would replace what is there.
    linkSync(from, to);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'EEXIST') throw outputExists(to, error);
    if (!linksMissing.has(code ?? '')) throw error;
    if (exists(to)) throw outputExists(to);
    renameSync(from, to);
    return;
  }
  unlinkSync(from);
}

/** What systems answer where a disk has no hard links, or does not allow one for this file. */
const linksMissing = new Set([
  'EPERM',
  'EACCES',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EINVAL',
  'EXDEV',
]);

/** In which order a file in place gets its new content and its new name. */
export type Replacement = 'content-first' | 'name-first';

/**
 * Puts `temporary` in the place of `original`, which gets the name `renamed`. Each file is whole under any
 * name it has at any moment. When protecting, the content comes first, when opening, the name: so if the
 * process dies in between, protected bytes bear the plain name, never the reverse, and
 * {@link settleName} can tell from the content what is left to do (spec/files.md, "In place").
 */
export function replaceFile(
  temporary: string,
  original: string,
  renamed: string,
  order: Replacement,
  overwrite: boolean,
): void {
  if (renamed === original) renameSync(temporary, original);
  else if (order === 'content-first') {
    renameSync(temporary, original);
    moveFile(original, renamed, overwrite);
  } else {
    moveFile(original, renamed, overwrite);
    renameSync(temporary, renamed);
  }
}

/** Finishes a move that was interrupted: afterwards the file is at `to` only. */
export function settleName(from: string, to: string, overwrite: boolean): void {
  if (isSecondName(from, to)) unlinkSync(from);
  else moveFile(from, to, overwrite);
}

/** Whether `other` is a second name of the same file, as an interrupted {@link moveFile} leaves it. */
export function isSecondName(one: string, other: string): boolean {
  const a = factsOf(one);
  const b = factsOf(other);
  // Two spellings of one name, on a disk that ignores case, are one link.
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino && a.nlink > 1n;
}

/** A name that nobody can look at, such as one that is too long, is no second name. */
function factsOf(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
