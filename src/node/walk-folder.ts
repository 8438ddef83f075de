import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { WaitOptions } from '../bytes/index.ts';
import { fileError } from './file-error.ts';
import { isTemporaryName } from './temporary-name.ts';

/** What is found on a walk: a file, something that is passed over, or a folder that cannot be listed. */
export type FolderEntry =
  | {
      readonly kind: 'file';
      readonly path: string;
      /** Path below the folder where the walk began, for writing the same tree elsewhere. */
      readonly relativePath: string;
    }
  | { readonly kind: 'skipped'; readonly path: string; readonly why: 'symbolic-link' | 'special-file' }
  | { readonly kind: 'failed'; readonly path: string; readonly error: unknown };

/**
 * Gives the files under `folder`, each folder in the order of its names. Symbolic links, pipes, sockets and
 * devices are reported as skipped, folders that cannot be listed as failed; our own temporary files are
 * passed over in silence (spec/files.md, "Folders").
 *
 * @example
 * ```ts
 * import { walkFolder } from 'sealwright/node';
 * for await (const entry of walkFolder('documents')) if (entry.kind === 'file') console.log(entry.relativePath);
 * ```
 */
export async function* walkFolder(
  folder: string,
  options: WaitOptions = {},
): AsyncGenerator<FolderEntry, void, undefined> {
  // Last in, first out: what a folder holds comes before what follows the folder.
  const waiting: { readonly entry: Dirent | undefined; readonly relativePath: string }[] = [
    { entry: undefined, relativePath: '' },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    options.signal?.throwIfAborted();
    const { entry, relativePath } = next;
    const path = join(folder, relativePath);
    if (entry === undefined || entry.isDirectory()) {
      try {
        const entries = await readdir(path, { withFileTypes: true });
        const below = entries.filter(({ name }) => !isTemporaryName(name)).sort(byNameDescending);
        for (const found of below)
          waiting.push({ entry: found, relativePath: join(relativePath, found.name) });
      } catch (error) {
        yield { kind: 'failed', path, error: fileError(error, { action: 'list', path }) };
      }
    } else if (entry.isFile()) yield { kind: 'file', path, relativePath };
    else yield { kind: 'skipped', path, why: entry.isSymbolicLink() ? 'symbolic-link' : 'special-file' };
  }
}

// By code unit: the order does not depend on the language of the machine.
const byNameDescending = (a: Dirent, b: Dirent): number => (a.name < b.name ? 1 : a.name > b.name ? -1 : 0);
