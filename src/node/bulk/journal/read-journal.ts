import { readSync } from 'node:fs';
import type { BulkOperation } from '../task.ts';
import { damaged, unusable } from './journal-error.ts';
import { type JournalLine, journalFormat, readLine } from './journal-line.ts';
import { scanLines } from './scan-lines.ts';

/** What was found in a journal. */
export interface ReadJournal {
  readonly operation: BulkOperation;
  readonly fingerprint: string;
  /** Bytes that are sound; what follows them was being written when the power was lost, or the process killed. */
  readonly soundLength: number;
  /** Whether more than a last line without an end was lost: with it, files may have been forgotten. */
  readonly uncertain: boolean;
}

/** A line with its number. */
export interface NumberedLine {
  readonly line: JournalLine;
  readonly number: number;
}

/**
 * Reads an open journal of `length` bytes, line by line. A damaged line is where the journal ends if it, and all that follows, was
 * written after the last flush to disk: then a loss of power explains it.
 *
 * @returns `undefined` if nothing was written to it yet
 * @throws `JOURNAL_UNUSABLE` for anything else
 */
export function* journalLines(
  path: string,
  descriptor: number,
  length: number,
): Generator<NumberedLine, ReadJournal | undefined, undefined> {
  let header: Extract<JournalLine, { kind: 'header' }> | undefined;
  let soundLength = 0;
  for (const { number, offset, next, text } of scanLines(descriptor, length)) {
    const line = text === undefined ? undefined : readLine(text);
    if (header === undefined) {
      if (line?.kind !== 'header') throw notOurs(path, text);
      header = line;
    } else if (line === undefined) {
      if (syncedBeyond(descriptor, length, offset)) throw damaged(path, number);
      return { ...header, soundLength: offset, uncertain: true };
    } else yield { line, number };
    soundLength = next;
  }
  if (header !== undefined) {
    const torn = length - soundLength;
    return { ...header, soundLength, uncertain: torn > 0 && !isText(descriptor, soundLength, torn) };
  }
  // Killed while it wrote the first line; but a file of somebody else's is not to be written over.
  const begin = beginOf(descriptor, length);
  if (length === 0 || wholeBegin.startsWith(begin.slice(0, wholeBegin.length))) return undefined;
  throw notOurs(path, begin);
}

const wholeBegin = JSON.stringify({ format: journalFormat }).slice(0, -1);

/** Whether a flush that went beyond `offset` is on record. Damage before that is none that a loss of power explains. */
function syncedBeyond(descriptor: number, length: number, offset: number): boolean {
  for (const { offset: at, text } of scanLines(descriptor, length)) {
    if (at < offset || text === undefined) continue;
    const line = readLine(text);
    if (line?.kind === 'synced' && line.length > offset && line.length <= at) return true;
  }
  return false;
}

function beginOf(descriptor: number, length: number): string {
  const bytes = Buffer.alloc(Math.min(length, 256));
  return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0)).toString('utf8');
}

/** A line that was cut holds text; where a disk lost the end of a file there are zeros. */
function isText(descriptor: number, from: number, length: number): boolean {
  const bytes = Buffer.alloc(Math.min(length, 65_536));
  return !bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, from)).includes(0);
}

function notOurs(path: string, text: string | undefined): Error {
  if (text?.startsWith(wholeBegin) === true)
    return unusable(
      path,
      'line 1 is damaged, or of a newer version. Begin the run anew with another journal; what is done already is skipped.',
      'damaged',
    );
  return unusable(path, 'line 1 is not that of a journal. Name another file.', 'not-a-journal');
}
