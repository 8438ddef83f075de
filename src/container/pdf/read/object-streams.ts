import { maxima, type WaitOptions } from '../../../bytes/index.ts';
import type { PdfDictionary, PdfValue } from '../pdf-document.ts';
import { cursorOver } from './cursor.ts';
import { beyondPdfLimit, damagedPdf } from './damage.ts';
import { asCount, asName } from './dictionary.ts';
import { parseValue } from './parse-value.ts';
import type { ReadingBudget } from './reading-budget.ts';
import { takeDigits } from './stored-object.ts';

/** An object stream, unpacked (ISO 32000-2, 7.5.7). */
export interface ObjectStream {
  readonly bytes: Uint8Array;
  /** Numbers of its objects, and where each begins. */
  readonly numbers: readonly number[];
  readonly starts: readonly number[];
}

/** What the dictionary of an object stream says: how many objects it has, and where the first one begins. */
export function objectStreamHeader(dictionary: PdfDictionary): { count: number; first: number } {
  const count = asCount(dictionary.entries.get('N'));
  const first = asCount(dictionary.entries.get('First'));
  if (asName(dictionary.entries.get('Type')) !== 'ObjStm' || count === undefined || first === undefined)
    throw damagedPdf('there is no object stream where one should be');
  // Each object is announced with two numbers, which take four bytes and more.
  if (count > maxima.pdfLiveObjects || 4 * count > first + 4)
    throw beyondPdfLimit('objects in an object stream', Math.min(maxima.pdfLiveObjects, first >> 2));
  return { count, first };
}

/** Reads the numbers at the start of an object stream, of which `bytes` are the unpacked data, or as much as that takes. */
export function parseObjectStream(dictionary: PdfDictionary, bytes: Uint8Array): ObjectStream {
  const { count, first } = objectStreamHeader(dictionary);
  const cursor = cursorOver(bytes.subarray(0, first), 0, true);
  const numbers: number[] = [];
  const starts: number[] = [];
  for (let i = 0; i < count; i++) {
    const number = takeDigits(cursor);
    const start = number === undefined ? undefined : takeDigits(cursor);
    if (number === undefined || start === undefined)
      throw damagedPdf('an object stream does not say where its objects are');
    numbers.push(number);
    starts.push(first + start);
  }
  return { bytes, numbers, starts };
}

/** The object `number` of an object stream, which should be at `index`; `undefined` if it is not there. */
export function objectInStream(
  stream: ObjectStream,
  number: number,
  index: number,
  budget: ReadingBudget,
): PdfValue | undefined {
  let at = index;
  if (stream.numbers[index] !== number) {
    budget.spend(stream.numbers.length);
    at = stream.numbers.lastIndexOf(number);
  }
  const start = stream.starts[at];
  if (start === undefined || start >= stream.bytes.length) return undefined;
  const cursor = cursorOver(stream.bytes, 0, true, start);
  try {
    return parseValue(cursor);
  } finally {
    budget.spendOn(number, cursor.at - start, cursor.values);
  }
}

/** The object streams used last, as many as fit in a bounded memory. */
export interface ObjectStreams {
  get(
    number: number,
    load: (options?: WaitOptions) => Promise<ObjectStream>,
    options?: WaitOptions,
  ): Promise<ObjectStream>;
}

/** Bytes that a number and a start take in memory. */
const bytesOfPair = 16;

export function objectStreams(): ObjectStreams {
  const kept = new Map<number, ObjectStream>();
  let total = 0;
  const weight = ({ bytes, numbers }: ObjectStream): number => bytes.length + bytesOfPair * numbers.length;
  return {
    async get(number, load, options) {
      const known = kept.get(number);
      if (known !== undefined) {
        // The one used last goes to the end, and what is at the front goes first.
        kept.delete(number);
        kept.set(number, known);
        return known;
      }
      const stream = await load(options);
      if (kept.has(number)) return stream;
      kept.set(number, stream);
      total += weight(stream);
      for (const [each, old] of kept) {
        if (total <= maxima.pdfStructureBytes || each === number) break;
        kept.delete(each);
        total -= weight(old);
      }
      return stream;
    },
  };
}
