import type { WaitOptions } from '../../../bytes/index.ts';
import type { CrossReferences } from './cross-references.ts';
import { type Cursor, cursorOver, skipSpace, takeWord } from './cursor.ts';
import { damagedPdf } from './damage.ts';
import { parseAt } from './parse-at.ts';
import type { ReadingWindows } from './reading-windows.ts';
import { takeDigits } from './stored-object.ts';

/** Bytes of entries that are parsed at once. */
const partLength = 64 * 1024;
/** Bytes that one entry takes at most, white space included; it should be 20. */
const longestEntry = 64;

/** What a table says, but for its trailer. */
export interface TableEnd {
  /** File offset behind the word `trailer`. */
  readonly trailer: number;
  /** Numbers that are free, which a hybrid file may still have in its cross-reference stream. */
  readonly free: readonly number[];
}

interface Subsection {
  readonly first: number;
  readonly count: number;
  readonly next: number;
}

/**
 * Reads a cross-reference table (ISO 32000-2, 7.5.4) whose subsections begin at `start`, into `references`, free objects
 * left out.
 *
 * @param base what is added to each offset
 * @param spend told how many entries there are, before they are read
 */
export async function readTable(
  file: ReadingWindows,
  start: number,
  base: number,
  references: CrossReferences,
  spend: (entries: number) => void,
  options?: WaitOptions,
): Promise<TableEnd> {
  const free: number[] = [];
  for (let at = start; ; ) {
    const section = await parseAt(file, at, subsectionAt, options);
    if (section.count === 0 && section.first === trailerMark) return { trailer: section.next, free };
    spend(section.count);
    at = section.next;
    let number = section.first;
    for (let left = section.count; left > 0; ) {
      options?.signal?.throwIfAborted();
      const bytes = await file.from(at, Math.min(partLength, left * longestEntry + longestEntry), options);
      const cursor = cursorOver(bytes, at, at + bytes.length >= file.size);
      const before = left;
      while (left > 0 && (cursor.final || cursor.at + longestEntry <= bytes.length)) {
        const entry = takeEntry(cursor);
        if (entry === undefined) {
          // Some programs count one too many.
          if (left > 0 && takeWord(cursor, 'trailer')) return { trailer: at + cursor.at, free };
          throw damagedPdf('an entry of its cross-reference table makes no sense', at + cursor.at);
        }
        // Others begin with 1 where they should with 0, which is where the list of free ones begins.
        if (
          left === section.count &&
          number === 1 &&
          !entry.used &&
          entry.generation === 65535 &&
          entry.offset === 0
        )
          number = 0;
        if (entry.used)
          references.setOffset(number, entry.offset === 0 ? 0 : entry.offset + base, entry.generation);
        else free.push(number);
        number++;
        left--;
      }
      if (left === before && left > 0) throw damagedPdf('it ends inside its cross-reference table', at);
      at += cursor.at;
    }
  }
}

const trailerMark = -1;

/** `0 12`, or the word behind the last subsection. */
function subsectionAt(cursor: Cursor): Subsection {
  const next = (): number => cursor.start + cursor.at;
  if (takeWord(cursor, 'trailer')) return { first: trailerMark, count: 0, next: next() };
  const first = takeDigits(cursor);
  const count = first === undefined ? undefined : takeDigits(cursor);
  if (first === undefined || count === undefined)
    throw damagedPdf('a part of its cross-reference table does not say what it holds', next());
  return { first, count, next: next() };
}

interface Entry {
  readonly offset: number;
  readonly generation: number;
  readonly used: boolean;
}

function takeEntry(cursor: Cursor): Entry | undefined {
  const offset = takeDigits(cursor);
  const generation = offset === undefined ? undefined : takeDigits(cursor);
  if (offset === undefined || generation === undefined) return undefined;
  const kind = skipSpace(cursor);
  if (kind !== 0x6e && kind !== 0x66) return undefined;
  cursor.at++;
  return { offset, generation, used: kind === 0x6e };
}
