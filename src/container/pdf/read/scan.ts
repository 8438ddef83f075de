import { maxima, type WaitOptions } from '../../../bytes/index.ts';
import { findAllBytes } from '../../recognise/find-bytes.ts';
import type { PdfDictionary } from '../pdf-document.ts';
import { isDigit, isWhiteSpace, standsAt } from './characters.ts';
import { type CrossReferences, crossReferences } from './cross-references.ts';
import { cursorOver, incomplete } from './cursor.ts';
import { isDamage } from './damage.ts';
import { asCount, asDictionary, asName } from './dictionary.ts';
import { digitsAt, parseValue } from './parse-value.ts';
import type { ReadingWindows } from './reading-windows.ts';
import { parseStoredObject } from './stored-object.ts';
import { endsAfter } from './stream-extent.ts';

/** What a search of a whole file found. */
export interface FileScan {
  /** Of each number the last object, those in object streams not included. */
  readonly objects: CrossReferences;
  /** Numbers of the object streams that are among them, in the order of the file. */
  readonly objectStreams: readonly number[];
  /** What may be trailers, the dictionaries of cross-reference streams included, in the order of the file. */
  readonly trailers: readonly PdfDictionary[];
  /** File offsets of cross-reference streams. */
  readonly crossReferenceStreams: ReadonlySet<number>;
}

/** Bytes searched at once. */
const searchLength = 1024 * 1024;
/** Bytes around a mark that are looked at: what stands before `obj`, and behind `stream`. */
const around = 64;
/** Bytes of a trailer. */
const trailerLength = 64 * 1024;
/** Trailers of either kind that are looked at, the last ones. */
const mostTrailers = 256;

/**
 * Searches a file once, from its start to its end, for `12 0 obj` and trailers. The data of streams are passed over, by
 * `/Length` where it is true. What it does for each byte of the file is bounded.
 */
export async function scanFile(file: ReadingWindows, options?: WaitOptions): Promise<FileScan> {
  const objects = crossReferences(file.size);
  const objectStreams = new Map<number, number>();
  const crossReferenceStreams = new Map<number, number>();
  /** Dictionaries of the last cross-reference streams, by their offsets. */
  const dictionaries = new Map<number, PdfDictionary>();
  let trailers: number[] = [];
  /** The object that the search is in, as long as it may be a stream. */
  let open: { readonly number: number; readonly offset: number } | undefined;
  /** Where the data of the stream end that the search is in, or that they end at the next `endstream`. */
  let dataEnd = 0;
  let untilEnd = false;

  function foundObject(bytes: Uint8Array, at: number, start: number): void {
    if (standsAt(bytes, at - 3, 'end')) {
      untilEnd = false;
      open = undefined;
      return;
    }
    const label = untilEnd ? undefined : labelBefore(bytes, at);
    if (label === undefined || label.number > maxima.pdfObjects) return;
    open = { number: label.number, offset: start + label.at };
    objects.clear(label.number);
    objects.setOffset(label.number, open.offset, label.generation);
    objectStreams.delete(label.number);
    crossReferenceStreams.delete(label.number);
  }

  async function foundStream(bytes: Uint8Array, at: number, start: number): Promise<void> {
    if (standsAt(bytes, at - 3, 'end')) {
      untilEnd = false;
      return;
    }
    const object = open;
    if (object === undefined || untilEnd || !followsDictionary(bytes, at)) return;
    open = undefined;
    const length = start + at + around - object.offset;
    if (length > maxima.pdfObjectBytes) return;
    const whole = await file.read(object.offset, length, options);
    const stored = attempt(() => parseStoredObject(cursorOver(whole, object.offset, false)));
    const dictionary = asDictionary(stored?.value);
    if (stored?.dataStart === undefined || dictionary === undefined) return;
    const type = asName(dictionary.entries.get('Type'));
    if (type === 'XRef') {
      crossReferenceStreams.set(object.number, object.offset);
      dictionaries.set(object.offset, dictionary);
      const [first] = dictionaries.keys();
      if (dictionaries.size > mostTrailers && first !== undefined) dictionaries.delete(first);
    }
    if (type === 'ObjStm') objectStreams.set(object.number, object.offset);
    const stated = asCount(dictionary.entries.get('Length'));
    if (stated !== undefined && (await endsAfter(file, stored.dataStart, stated, options)))
      dataEnd = stored.dataStart + stated;
    else untilEnd = true;
  }

  for (let base = 0; base < file.size; base += searchLength) {
    options?.signal?.throwIfAborted();
    if (dataEnd >= base + searchLength) continue;
    const start = Math.max(0, base - around);
    // A copy: what a source gives may change with the next read.
    const bytes = (await file.read(start, base - start + searchLength + around, options)).slice();
    for (const [at, mark] of marksIn(bytes, base - start, base - start + searchLength)) {
      if (start + at < dataEnd) continue;
      if (mark === 'obj') foundObject(bytes, at, start);
      else if (mark === 'stream') await foundStream(bytes, at, start);
      else if (!untilEnd) {
        trailers.push(start + at + mark.length);
        if (trailers.length >= 2 * mostTrailers) trailers = trailers.slice(-mostTrailers);
      }
    }
  }

  let end = 0;
  for (const offset of trailers.slice(-mostTrailers)) {
    // What one holds is not kept once more for each that begins in it.
    if (offset < end) continue;
    const bytes = await file.read(offset, trailerLength, options);
    const cursor = cursorOver(bytes, offset, offset + bytes.length >= file.size);
    const dictionary = asDictionary(attempt(() => parseValue(cursor)));
    if (dictionary === undefined) continue;
    dictionaries.set(offset, dictionary);
    end = offset + cursor.at;
  }
  const byOffset = <T>(map: ReadonlyMap<number, T>): T[] =>
    [...map].sort(([a], [b]) => a - b).map(([, value]) => value);
  return {
    objects,
    objectStreams: [...objectStreams].sort(([, a], [, b]) => a - b).map(([number]) => number),
    trailers: byOffset(dictionaries),
    crossReferenceStreams: new Set(crossReferenceStreams.values()),
  };
}

const marks = ['obj', 'stream', 'trailer'] as const;

/** The marks from `from` up to `end`, in order. */
function* marksIn(
  bytes: Uint8Array,
  from: number,
  end: number,
): Generator<readonly [at: number, mark: (typeof marks)[number]]> {
  const searches = marks.map((mark) => ({ mark, search: findAllBytes(bytes.subarray(from), mark) }));
  const next = searches.map(({ mark, search }) => ({ mark, search, at: search.next().value }));
  for (;;) {
    let first: (typeof next)[number] | undefined;
    for (const each of next)
      if (each.at !== undefined && (first?.at === undefined || each.at < first.at)) first = each;
    if (first?.at === undefined || from + first.at >= end) return;
    yield [from + first.at, first.mark];
    first.at = first.search.next().value;
  }
}

/** `12 0`, which stands before an `obj`. */
function labelBefore(
  bytes: Uint8Array,
  obj: number,
): { readonly at: number; readonly number: number; readonly generation: number } | undefined {
  const [generationEnd, generationStart] = digitsBefore(bytes, obj);
  const [numberEnd, numberStart] = digitsBefore(bytes, generationStart);
  if (generationStart === generationEnd || numberStart === numberEnd) return undefined;
  if (numberEnd === generationStart || generationEnd - generationStart > 5 || numberEnd - numberStart > 10)
    return undefined;
  return {
    at: numberStart,
    number: digitsAt(bytes, numberStart, numberEnd),
    generation: digitsAt(bytes, generationStart, generationEnd),
  };
}

/** End and start of the digits before `at`, white space between passed over. */
function digitsBefore(bytes: Uint8Array, at: number): readonly [end: number, start: number] {
  let end = at;
  while (end > 0 && at - end < around && isWhiteSpace(bytes[end - 1])) end--;
  let start = end;
  while (start > 0 && end - start < around && isDigit(bytes[start - 1])) start--;
  return [end, start];
}

/** Whether a dictionary may end before `at`. */
function followsDictionary(bytes: Uint8Array, at: number): boolean {
  let end = at;
  while (end > 0 && isWhiteSpace(bytes[end - 1])) end--;
  return standsAt(bytes, end - 2, '>>');
}

/** What `parse` gives, or nothing where there is nothing to be parsed. */
function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error === incomplete || isDamage(error)) return undefined;
    throw error;
  }
}
