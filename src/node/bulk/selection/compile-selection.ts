import { SealwrightError } from '../../../errors.ts';
import { quoteBriefly } from '../../../rights/index.ts';
import { ownerNames } from './file-owner.ts';
import type { FileSelection } from './file-selection.ts';
import type { FoundFile } from './found-file.ts';
import { type ComparedPath, compileGlob, type PathPattern } from './glob.ts';

/** Most entries of one list. */
const maxEntries = 10_000;

/** A selection, made ready for many files. */
export interface CompiledSelection {
  /** Whether the file is one of those selected. What a folder leaves out by default is not looked at here. */
  takes(file: FoundFile): boolean;
  /** Whether everything in this folder is left out by a pattern. */
  leavesOut(folder: ComparedPath): boolean;
}

type Test = (file: FoundFile) => boolean;

/**
 * Makes a selection ready for many files: names are looked at first, then paths, and the file system is asked only for
 * size, time or owner, and only if they matter. A file that it will not tell them of is taken: the work says why.
 *
 * @param foldersToo whether `takes` looks at the folders above a file, too: listings ask `leavesOut` instead, once a folder
 * @throws SealwrightError `INVALID_ARGUMENT` for a selection that cannot be meant
 */
export function compileSelection(selection: FileSelection = {}, foldersToo = false): CompiledSelection {
  const { extensions, include, exclude, minSize, maxSize, modifiedSince, modifiedBefore, owners } = selection;
  const excluded = patterns(exclude, 'exclude');
  const tests: Test[] = [
    ...extensionTest(extensions),
    ...(excluded.length > 0
      ? [
          (file: FoundFile) =>
            !excluded.some((each) => (foldersToo ? each.covers : each.file)(file.compared())),
        ]
      : []),
    ...includeTest(patterns(include, 'include'), include),
    ...rangeTest('size', size(minSize, 'minSize'), size(maxSize, 'maxSize'), ({ size }) => size),
    ...rangeTest(
      'time',
      time(modifiedSince, 'modifiedSince'),
      time(modifiedBefore, 'modifiedBefore'),
      ({ modifiedAt }) => modifiedAt,
    ),
    ...ownerTest(owners),
  ];
  return Object.freeze({
    takes: (file: FoundFile) => tests.every((test) => test(file)),
    leavesOut: (folder: ComparedPath) => excluded.some((each) => each.folder(folder)),
  });
}

function extensionTest(extensions: readonly string[] | undefined): readonly Test[] {
  if (extensions === undefined) return [];
  const endings = list(extensions, 'extensions').map(
    (each) => `.${each.replace(/^\*?\./, '').toLowerCase()}`,
  );
  for (const ending of endings)
    if (/[*?/\\]/.test(ending))
      throw mistake(
        `extensions holds ${quoteBriefly(ending)}: write it as docx or .docx, and patterns in include`,
      );
  const simple = new Set(endings.filter((ending) => ending.lastIndexOf('.') === 0));
  const longer = endings.filter((ending) => !simple.has(ending));
  return [
    ({ name }) => {
      const lower = name.toLowerCase();
      const dot = lower.lastIndexOf('.');
      // A name that only begins with a dot, or ends with one, has no extension; an empty one asks for such files.
      const ending = dot > 0 ? lower.slice(dot) : '.';
      return simple.has(ending) || longer.some((each) => lower.endsWith(each) && lower.length > each.length);
    },
  ];
}

function includeTest(
  included: readonly PathPattern[],
  written: readonly string[] | undefined,
): readonly Test[] {
  return written === undefined ? [] : [(file) => included.some((each) => each.covers(file.compared()))];
}

function rangeTest(
  what: 'size' | 'time',
  from: number | undefined,
  to: number | undefined,
  value: (facts: NonNullable<ReturnType<FoundFile['facts']>>) => number,
): readonly Test[] {
  if (from === undefined && to === undefined) return [];
  const [low, high] = [from ?? Number.NEGATIVE_INFINITY, to ?? Number.POSITIVE_INFINITY];
  // The largest size is one that is taken; the time before which files were modified is not.
  const empty = what === 'size' ? low > high : low >= high;
  if (empty) throw mistake(`the least ${what} is above the greatest, so that no file would be taken`);
  return [
    (file) => {
      const facts = file.facts();
      if (facts === undefined) return true;
      const found = value(facts);
      return found >= low && (what === 'size' ? found <= high : found < high);
    },
  ];
}

function ownerTest(owners: readonly string[] | undefined): readonly Test[] {
  if (owners === undefined) return [];
  const wanted = new Set(list(owners, 'owners'));
  const known = new Map<number, boolean>();
  return [
    (file) => {
      const facts = file.facts();
      if (facts === undefined) return true;
      const { uid } = facts;
      const answer = known.get(uid) ?? ownerNames(uid).some((name) => wanted.has(name));
      known.set(uid, answer);
      return answer;
    },
  ];
}

const patterns = (written: readonly string[] | undefined, field: string): readonly PathPattern[] =>
  written === undefined ? [] : list(written, field).map(compileGlob);

function list(entries: readonly string[], field: string): readonly string[] {
  if (!Array.isArray(entries) || entries.some((entry) => typeof entry !== 'string'))
    throw mistake(`${field} is not a list of texts`);
  if (entries.length > maxEntries) throw mistake(`${field} has more than ${maxEntries} entries`);
  return entries;
}

function size(bytes: number | undefined, field: string): number | undefined {
  if (bytes === undefined || (Number.isFinite(bytes) && bytes >= 0)) return bytes;
  throw mistake(`${field} is no number of bytes`);
}

function time(date: Date | undefined, field: string): number | undefined {
  if (date === undefined) return undefined;
  const value = date instanceof Date ? date.getTime() : Number.NaN;
  if (Number.isNaN(value)) throw mistake(`${field} is no valid date`);
  return value;
}

const mistake = (what: string): SealwrightError =>
  new SealwrightError('INVALID_ARGUMENT', `The selection of files cannot be used: ${what}.`);
