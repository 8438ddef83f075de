import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** A file or folder that was named. */
export interface NamedInput {
  readonly path: string;
  /** Where it is, without links; of what does not exist, where it would be. */
  readonly realPath: string;
  readonly isFolder: boolean;
  /** Whether it lies in a folder that was named, too. */
  readonly isInside: boolean;
}

/** What was named, each once, in the order in which it was named. */
export function namedInputs(inputs: readonly string[]): readonly NamedInput[] {
  const named = new Map<string, Omit<NamedInput, 'isInside'>>();
  const folders = new Set<string>();
  for (const path of inputs) {
    const realPath = realLocation(path);
    if (named.has(realPath)) continue;
    const isFolder = statSync(realPath, { throwIfNoEntry: false })?.isDirectory() ?? false;
    named.set(realPath, { path, realPath, isFolder });
    if (isFolder) folders.add(realPath);
  }
  return [...named.values()].map((input) => ({ ...input, isInside: isBelowOne(input.realPath, folders) }));
}

/** Where a path leads without links. What does not exist lies in the folder that does. */
export function realLocation(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync.native(absolute);
  } catch {
    const above = dirname(absolute);
    return above === absolute ? absolute : join(realLocation(above), basename(absolute));
  }
}

/** Whether a path lies in one of these folders. */
export function isBelowOne(path: string, folders: ReadonlySet<string>): boolean {
  if (folders.size === 0) return false;
  for (let above = dirname(path), below = path; above !== below; below = above, above = dirname(above))
    if (folders.has(above)) return true;
  return false;
}
