import type { WaitOptions } from '../../../bytes/index.ts';
import type { PdfDictionary, PdfObjectEntry } from '../pdf-document.ts';
import type { CrossReferences, Place } from './cross-references.ts';
import type { ReadingWindows } from './reading-windows.ts';
import { type FileScan, scanFile } from './scan.ts';

/** A PDF and what was found of where its objects are. */
export interface DocumentFile {
  readonly file: ReadingWindows;
  readonly trailer: PdfDictionary;
  readonly entries: readonly PdfObjectEntry[];
  /** Whether it was searched for its objects. */
  readonly rebuilt: boolean;
  find(number: number): Place | undefined;
  /** File offsets at which an object may be that should be at `offset`. */
  candidates(offset: number): readonly number[];
  /** The offset of the first object behind `offset`, or the end of the file. */
  nextOffset(offset: number): number;
  /** What a search of the whole file found; it is done once. */
  scanned(options?: WaitOptions): Promise<FileScan>;
}

export interface DocumentFacts {
  readonly file: ReadingWindows;
  readonly trailer: PdfDictionary;
  readonly references: CrossReferences;
  /** File offsets of objects that are not among `entries`. */
  readonly left: ReadonlySet<number>;
  /** What offsets of the file may be short of, or beyond. */
  readonly headerOffset: number;
  /** Found by a search, instead of by cross-references. */
  readonly scan?: FileScan | undefined;
}

export function documentFile({
  file,
  trailer,
  references,
  left,
  headerOffset,
  scan,
}: DocumentFacts): DocumentFile {
  let entries: readonly PdfObjectEntry[] | undefined;
  let offsets: Float64Array | undefined;
  let searched = scan;
  /** Objects are mostly asked for one after the other. */
  let nextAt = 0;
  return {
    file,
    trailer,
    get entries() {
      entries ??= Object.freeze(
        references.inFileOrder().filter(({ offset }) => offset === undefined || !left.has(offset)),
      );
      return entries;
    },
    get rebuilt() {
      return searched !== undefined;
    },
    find: references.find,
    candidates: (offset) =>
      headerOffset === 0
        ? [offset]
        : [offset, offset + headerOffset, offset - headerOffset].filter((at) => at > 0),
    nextOffset(offset) {
      offsets ??= references.offsets();
      const all = offsets;
      const isFirstAbove = (at: number): boolean =>
        at <= all.length && (all[at - 1] ?? -1) <= offset && offset < (all[at] ?? Number.POSITIVE_INFINITY);
      if (!isFirstAbove(nextAt)) nextAt = isFirstAbove(nextAt + 1) ? nextAt + 1 : firstAbove(all, offset);
      return all[nextAt] ?? file.size;
    },
    async scanned(options) {
      searched ??= await scanFile(file, options);
      return searched;
    },
  };
}

/** The index of the first of ascending numbers that is above `limit`. */
function firstAbove(ascending: Float64Array, limit: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
