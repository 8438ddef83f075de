import { keptName, type NameSuffix } from '../../kept-name.ts';
import type { FileTask } from '../task.ts';

/** The last part of a path or key. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/**
 * Where the new file called `name` goes: below `out` in the same tree, else beside its original, which it gets its
 * own name beside unless it is to take its place.
 */
export function storedOutput(task: FileTask, name: string, suffix: NameSuffix): string {
  const { path, relativePath, settings } = task;
  const { out, inPlace } = settings;
  const folder = out === undefined ? folderOf(path) : `${out.replace(/\/+$/, '')}/${folderOf(relativePath)}`;
  const taken = !inPlace && name === nameOf(path);
  return folder + (taken ? keptName(name, suffix, folder === folderOf(path)) : name);
}
