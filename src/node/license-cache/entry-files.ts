import { lstatSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { systemCodeOf } from '../file-error.ts';

/** A file in the folder of licenses. */
export interface EntryFile {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  /** When it was written or last used, in milliseconds. */
  readonly usedAt: number;
}

const fileName = /^[0-9a-f]{32}$/;

/** The names of entries in `folder`, whatever else lies there. */
export const entryNames = (folder: string): string[] =>
  readdirSync(folder).filter((name) => fileName.test(name));

/** The entries in `folder`, the one that was not used for longest first. */
export function entryFiles(folder: string): EntryFile[] {
  const entries = entryNames(folder).flatMap((name): EntryFile[] => {
    const path = join(folder, name);
    const facts = lstatSync(path, { throwIfNoEntry: false });
    return facts === undefined ? [] : [{ name, path, size: facts.size, usedAt: facts.mtimeMs }];
  });
  return entries.sort((a, b) => a.usedAt - b.usedAt);
}

/** Removes a file, or a symbolic link itself; one that is gone already is as good. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error;
  }
}

/** What nobody can open is of no use; where it cannot be removed either, it stays without harm. */
export function removeDamaged(path: string): void {
  try {
    removeFile(path);
  } catch {
    // A folder under the name of an entry, for example.
  }
}
