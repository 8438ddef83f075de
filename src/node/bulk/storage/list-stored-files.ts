import { SealwrightError } from '../../../errors.ts';
import type { SkipReason } from '../outcome.ts';
import { compileSelection } from '../selection/compile-selection.ts';
import type { FoundFile } from '../selection/found-file.ts';
import { comparedPath } from '../selection/glob.ts';
import { isLeftOutFile } from '../selection/left-out.ts';
import type { ListedFile, ListFilesOptions } from '../selection/list-files.ts';
import type { FileStorage, StoredFile } from './file-storage.ts';
import { nameOf } from './stored-path.ts';

/**
 * The files of a storage that were named, or whose paths begin with a folder that was, each once, with the same rules
 * of selection as on paths. A storage knows no folders: one that is left out is reported file by file.
 *
 * @param inputs paths of files, or of folders with or without the `/` at the end; empty for everything
 * @throws SealwrightError `INVALID_ARGUMENT` for a selection that cannot be meant, by owner too; what the storage throws
 * @see spec/bulk.md, "Storage"
 */
export function listStoredFiles(
  storage: FileStorage,
  inputs: readonly string[],
  options: ListFilesOptions,
): AsyncGenerator<ListedFile, void, undefined> {
  if (options.selection?.owners !== undefined)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'A storage does not say whose its files are: leave the owners out of the selection.',
    );
  const selection = compileSelection(options.selection);
  const folders = inputs.map(asFolder);
  const own = [...(options.keepOut ?? []), ...(options.out === undefined ? [] : [options.out])].map(asFolder);
  const leavesOut = options.leaveOut && !options.selection?.includeExcluded;

  function reasonFor(file: FoundFile): SkipReason | undefined {
    if (own.some((folder) => file.path.startsWith(folder) || asFolder(file.path) === folder))
      return 'own-file';
    if (leavesOut && isLeftOutFile(file.name)) return 'excluded';
    const above = foldersAbove(file.relativePath).some((folder) => selection.leavesOut(comparedPath(folder)));
    return !above && selection.takes(file) ? undefined : 'not-selected';
  }

  async function* listed(): AsyncGenerator<ListedFile, void, undefined> {
    for (const [at, input] of inputs.entries()) {
      const folder = folders[at] as string;
      for await (const stored of storage.list(input, { signal: options.signal })) {
        const { path } = stored;
        const named = path === input;
        if (!named && !path.startsWith(folder)) continue;
        if (folders.slice(0, at).some((earlier, each) => path.startsWith(earlier) || path === inputs[each]))
          continue;
        const file = foundStored(stored, named ? nameOf(path) : path.slice(folder.length));
        const reason = named ? undefined : reasonFor(file);
        yield reason === undefined
          ? { file }
          : { outcome: Object.freeze({ number: undefined, path, status: 'skipped', reason }) };
      }
    }
  }
  return listed();
}

const asFolder = (path: string): string => (path === '' || path.endsWith('/') ? path : `${path}/`);

function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

function foundStored({ path, size, modifiedAt }: StoredFile, relativePath: string): FoundFile {
  const facts = { size, modifiedAt: modifiedAt.getTime(), uid: -1 };
  return {
    path,
    relativePath,
    name: nameOf(path),
    compared: () => comparedPath(relativePath),
    facts: () => facts,
  };
}
