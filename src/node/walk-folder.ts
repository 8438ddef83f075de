import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { WaitOptions } from '../bytes/index.ts';
import { fileError, nameUnreadable } from './file-error.ts';
import { isTemporaryName } from './temporary-name.ts';

/** What is found on a walk: a file, something that is passed over, or what cannot be listed or named. */
export type FolderEntry =
  | {
      readonly kind: 'file';
      readonly path: string;
      /** Path below the folder where the walk began, for writing the same tree elsewhere. */
      readonly relativePath: string;
    }
  | { readonly kind: 'skipped'; readonly path: string; readonly why: 'symbolic-link' | 'special-file' }
  | { readonly kind: 'failed'; readonly path: string; readonly error: unknown };

/** Options of {@link walkFolder}. */
export interface WalkFolderOptions extends WaitOptions {
  /** Whether a folder below the first is passed over with all that is in it. Asked once for each, before it is listed. */
  readonly skipFolder?: ((path: string, relativePath: string) => boolean) | undefined;
}

/**
 * Gives the files under `folder`, each folder in the order of its names. Symbolic links, pipes, sockets and
 * devices are reported as skipped, folders that cannot be listed and names that are no text as failed; our own
 * temporary files are passed over in silence (spec/files.md, "Folders").
 *
 * @example
 * ```ts
 * import { walkFolder } from 'sealwright/node';
 * for await (const entry of walkFolder('documents')) if (entry.kind === 'file') console.log(entry.relativePath);
 * ```
 */
export async function* walkFolder(
  folder: string,
  options: WalkFolderOptions = {},
): AsyncGenerator<FolderEntry, void, undefined> {
  const { signal, skipFolder } = options;
  signal?.throwIfAborted();
  // The innermost folder last. Each is listed when the walk comes to it.
  const open: OpenFolder[] = [];
  const enter = async (path: string, relativePath: string): Promise<FolderEntry | undefined> => {
    try {
      const entries = await namesIn(path);
      // A name put behind these is what `join` would give, which takes every path apart again.
      const prefixes = { path: join(path, '_').slice(0, -1), relative: relativePath && relativePath + sep };
      open.push({ entries, prefixes, next: 0 });
      return undefined;
    } catch (error) {
      return { kind: 'failed', path, error: fileError(error, { action: 'list', path }) };
    }
  };

  const failed = await enter(join(folder, ''), '');
  if (failed !== undefined) yield failed;
  for (let within = open.at(-1); within !== undefined; within = open.at(-1)) {
    const entry = within.entries[within.next++];
    if (entry === undefined) {
      open.pop();
      continue;
    }
    signal?.throwIfAborted();
    const { name } = entry;
    const path = within.prefixes.path + name;
    const relativePath = within.prefixes.relative + name;
    if (entry.unreadable !== undefined)
      yield { kind: 'failed', path, error: nameUnreadable(path, entry.unreadable) };
    else if (entry.isFile()) yield { kind: 'file', path, relativePath };
    else if (!entry.isDirectory())
      yield { kind: 'skipped', path, why: entry.isSymbolicLink() ? 'symbolic-link' : 'special-file' };
    else if (!skipFolder?.(path, relativePath)) {
      const failed = await enter(path, relativePath);
      if (failed !== undefined) yield failed;
    }
  }
}

/** A folder that the walk is in. */
interface OpenFolder {
  readonly entries: readonly NamedEntry[];
  readonly prefixes: { readonly path: string; readonly relative: string };
  next: number;
}

type NamedEntry = Pick<Dirent, 'name' | 'isFile' | 'isDirectory' | 'isSymbolicLink'> & {
  /** The bytes of a name that is no text. */
  readonly unreadable?: Uint8Array;
};

async function namesIn(path: string): Promise<readonly NamedEntry[]> {
  let entries: readonly NamedEntry[] = await readdir(path, { withFileTypes: true });
  // This stands in for bytes that are no UTF-8, but may also be in a name: the bytes tell.
  if (entries.some(({ name }) => name.includes('\ufffd'))) entries = await namesByBytes(path);
  return entries.filter(({ name }) => !isTemporaryName(name)).sort(byName);
}

async function namesByBytes(path: string): Promise<readonly NamedEntry[]> {
  const entries = await readdir(path, { withFileTypes: true, encoding: 'buffer' });
  return entries.map((entry) => {
    const bytes = entry.name;
    const name = bytes.toString('utf8');
    return {
      name,
      isFile: () => entry.isFile(),
      isDirectory: () => entry.isDirectory(),
      isSymbolicLink: () => entry.isSymbolicLink(),
      ...(Buffer.from(name, 'utf8').equals(bytes) ? {} : { unreadable: bytes }),
    };
  });
}

// By code unit: the order does not depend on the language of the machine.
const byName = (a: NamedEntry, b: NamedEntry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
