import { join, resolve, sep } from 'node:path';
import type { WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { walkFolder } from '../../walk-folder.ts';
import type { FileOutcome, SkipReason } from '../outcome.ts';
import { type CompiledSelection, compileSelection } from './compile-selection.ts';
import type { FileSelection } from './file-selection.ts';
import { type FoundFile, foundFile } from './found-file.ts';
import { comparedPath } from './glob.ts';
import { isLeftOutFile, isLeftOutFolder } from './left-out.ts';
import { isBelowOne, type NamedInput, namedInputs, realLocation } from './named-inputs.ts';

/** Options of {@link listFiles}. */
export interface ListFilesOptions extends WaitOptions {
  readonly selection?: FileSelection | undefined;
  /** Whether system folders and types are left out, as they are for everything but `inspect` (spec/bulk.md, "Left out"). */
  readonly leaveOut: boolean;
  /** Paths that are never taken, with what is in them: the authority's folder, the journal. */
  readonly keepOut?: readonly string[] | undefined;
  /** Folder that the new files go to: where it lies in an input, what it holds is left out. */
  readonly out?: string | undefined;
}

/** A file to work on, or what came already of something that is none. */
export type ListedFile =
  | { readonly file: FoundFile; readonly outcome?: undefined }
  | { readonly outcome: FileOutcome; readonly file?: undefined };

/** What the walks of one listing share. */
interface Listing {
  readonly options: ListFilesOptions;
  readonly selection: CompiledSelection;
  readonly keepOut: ReadonlySet<string>;
  readonly out: string | undefined;
  /** What was named and lies in a folder that was named: taken as such on the way. */
  readonly inner: Map<string, NamedInput>;
}

/**
 * The files that were named, and those in folders that were named, each once and in a stable order: inputs as they are
 * given, each folder in the order of its names. What is not taken is reported with a reason; a folder that is left out,
 * once. Memory is bounded by the largest folder and the number of inputs.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` for a selection that cannot be meant, before anything is listed; the
 * signal's reason when aborted
 * @see spec/bulk.md, "Selection"
 */
export function listFiles(
  inputs: readonly string[],
  options: ListFilesOptions,
): AsyncGenerator<ListedFile, void, undefined> {
  const selection = compileSelection(options.selection);
  return listed(inputs, options, selection);
}

async function* listed(
  inputs: readonly string[],
  options: ListFilesOptions,
  selection: CompiledSelection,
): AsyncGenerator<ListedFile, void, undefined> {
  const named = namedInputs(inputs);
  const listing: Listing = {
    options,
    selection,
    keepOut: new Set((options.keepOut ?? []).map(realLocation)),
    out: options.out === undefined ? undefined : realLocation(options.out),
    inner: new Map(named.filter(({ isInside }) => isInside).map((input) => [input.realPath, input])),
  };
  for (const input of named) if (!input.isInside) yield* listInput(input, listing);
  // What was named and is in a part of a folder that is left out, or cannot be listed, was not met on the way.
  for (const input of named) if (listing.inner.delete(input.realPath)) yield* listInput(input, listing);
}

async function* listInput(input: NamedInput, listing: Listing): AsyncGenerator<ListedFile, void, undefined> {
  const { path, realPath, isFolder } = input;
  listing.options.signal?.throwIfAborted();
  if (listing.keepOut.has(realPath) || isBelowOne(realPath, listing.keepOut))
    yield skippedEntry(path, 'own-file');
  else if (isFolder) yield* listFolder(input, listing);
  else yield { file: foundFile(path, nameAt(path)) };
}

async function* listFolder(
  { path: root, realPath }: NamedInput,
  listing: Listing,
): AsyncGenerator<ListedFile, void, undefined> {
  const { signal } = listing.options;
  // Folders that were passed over since the last entry.
  const passed: ListedFile[] = [];
  const skipFolder = (path: string, relativePath: string): boolean => {
    const reason = folderReason(join(realPath, relativePath), relativePath, listing);
    if (reason !== undefined) passed.push(skippedEntry(path, reason));
    return reason !== undefined;
  };
  for await (const entry of walkFolder(root, { signal, skipFolder })) {
    yield* passed.splice(0);
    const { path, kind } = entry;
    if (kind === 'failed') yield { outcome: failedEntry(path, entry.error) };
    else if (kind === 'skipped') yield skippedEntry(path, entry.why);
    else {
      const file = foundFile(path, entry.relativePath);
      const reason = fileReason(join(realPath, entry.relativePath), file, listing);
      yield reason === undefined ? { file } : skippedEntry(path, reason);
    }
  }
  yield* passed;
}

/** Why a folder on the way is left out, if it is. */
function folderReason(realPath: string, relativePath: string, listing: Listing): SkipReason | undefined {
  const { keepOut, out, inner, selection, options } = listing;
  if (keepOut.has(realPath) || realPath === out) return 'own-file';
  if (inner.delete(realPath)) return undefined;
  if (options.leaveOut && !options.selection?.includeExcluded && isLeftOutFolder(realPath)) return 'excluded';
  if (options.selection?.exclude === undefined) return undefined;
  return selection.leavesOut(comparedPath(relativePath.replaceAll(sep, '/'))) ? 'not-selected' : undefined;
}

/** Why a file on the way is not taken, if it is not. */
function fileReason(realPath: string, file: FoundFile, listing: Listing): SkipReason | undefined {
  const { keepOut, inner, selection, options } = listing;
  if (keepOut.has(realPath)) return 'own-file';
  if (inner.delete(realPath)) return undefined;
  if (options.leaveOut && !options.selection?.includeExcluded && isLeftOutFile(file.name)) return 'excluded';
  return selection.takes(file) ? undefined : 'not-selected';
}

const skippedEntry = (path: string, reason: SkipReason): ListedFile => ({
  outcome: Object.freeze({ number: undefined, path, status: 'skipped', reason }),
});

/** A folder that cannot be listed. */
function failedEntry(path: string, error: unknown): FileOutcome {
  const known = error instanceof SealwrightError ? error : undefined;
  return Object.freeze({
    number: undefined,
    path,
    status: 'failed',
    error: Object.freeze({
      code: known?.code ?? 'IO_FAILED',
      message: known?.message ?? `${path} cannot be listed: try again.`,
    }),
  });
}

/** The name of a file that was named, also as `.` or with a separator at its end. */
const nameAt = (path: string): string => resolve(path).split(sep).at(-1) || path;
