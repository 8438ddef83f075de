import { maxima, type WaitOptions } from '../../../bytes/index.ts';
import type { DecryptPdfStream, PdfObject, PdfValue } from '../pdf-document.ts';
import { type Cursor, cursorOver, incomplete, takeWord } from './cursor.ts';
import { beyondPdfLimit, damagedPdf, isDamage, unsupportedPdf } from './damage.ts';
import { decodeStream } from './decode-stream.ts';
import { asCount, asDictionary, isReference } from './dictionary.ts';
import type { DocumentFile } from './document-file.ts';
import {
  type ObjectStream,
  objectInStream,
  objectStreamHeader,
  objectStreams,
  parseObjectStream,
} from './object-streams.ts';
import { parseAt } from './parse-at.ts';
import { readingBudget } from './reading-budget.ts';
import { parseStoredObject, type StoredObject } from './stored-object.ts';
import { endsAfter, endsAfterAtHand, findLength } from './stream-extent.ts';

/** Reads the objects of a document. */
export interface ObjectReader {
  object(number: number, options?: WaitOptions): Promise<PdfObject | undefined>;
  /** See `PdfDocument.objectAtHand`. */
  objectAtHand(number: number): PdfObject | undefined;
  resolve(value: PdfValue | undefined, options?: WaitOptions): Promise<PdfValue>;
  decoded(object: PdfObject, limit: number, options?: WaitOptions): Promise<Uint8Array>;
  /** The numbers at the start of an object stream; its objects are unpacked only where that is not more. */
  contentsOf(number: number, options?: WaitOptions): Promise<ObjectStream>;
}

/** Whether what was parsed up to the cursor is all of an object. */
const isWhole = ({ dataStart }: StoredObject, cursor: Cursor): boolean =>
  dataStart !== undefined || takeWord(cursor, 'endobj');

/**
 * @param encrypted whether streams are encrypted
 * @param decrypt what decrypts them, if anything does yet
 */
export function objectReader(
  document: DocumentFile,
  encrypted: boolean,
  decrypt: DecryptPdfStream | undefined,
): ObjectReader {
  const { file } = document;
  const cache = objectStreams();

  const budget = readingBudget(file.size);

  /** Bytes that may still be spent on objects that reach into others, so that reading all of them stays linear. */
  const mostOverlap = 4 * file.size + maxima.pdfObjectBytes;
  let overlap = mostOverlap;

  /** The object at `offset`, if it is the one asked for. It ends before the next one begins, if there is sense in it. */
  async function storedAt(
    number: number,
    offset: number,
    options?: WaitOptions,
  ): Promise<StoredObject | undefined> {
    // Nothing is parsed where nothing is left.
    budget.spend(0);
    const next = document.nextOffset(offset);
    let bounded: StoredObject | undefined;
    let whole = false;
    try {
      bounded = await parseAt(
        file,
        offset,
        (cursor) => {
          try {
            const found = parseStoredObject(cursor, number);
            whole = found !== undefined && isWhole(found, cursor);
            return found;
          } finally {
            budget.spendOn(number, cursor.at, cursor.values);
          }
        },
        options,
        next,
      );
      if (whole || next === file.size || overlap <= 0) return bounded;
    } catch (error) {
      if (!isDamage(error) || next === file.size || overlap <= 0) throw error;
    }
    budget.spend(0);
    // What is said to be the next one may be nothing.
    try {
      return await parseAt(
        file,
        offset,
        (cursor) => {
          try {
            return parseStoredObject(cursor, number);
          } finally {
            overlap -= cursor.at;
            budget.spendOn(number, cursor.at, cursor.values);
          }
        },
        options,
      );
    } catch (error) {
      if (!isDamage(error) || bounded === undefined) throw error;
      return bounded;
    }
  }

  /** The object outside of object streams; `undefined` if it is nowhere. */
  async function stored(number: number, options?: WaitOptions): Promise<StoredObject | undefined> {
    const place = document.find(number);
    if (place?.kind !== 'offset') return undefined;
    for (const offset of document.candidates(place.offset)) {
      const found = await storedAt(number, offset, options);
      if (found?.generation === place.generation) return found;
      if (found !== undefined) return { ...found, generation: place.generation };
    }
    const other = (await document.scanned(options)).objects.find(number);
    return other?.kind === 'offset' ? storedAt(number, other.offset, options) : undefined;
  }

  async function object(number: number, options?: WaitOptions): Promise<PdfObject | undefined> {
    options?.signal?.throwIfAborted();
    const place = document.find(number);
    if (place?.kind === 'stream') {
      const value = objectInStream(await objectStream(place.stream, options), number, place.index, budget);
      if (value === undefined) return undefined;
      return Object.freeze({ number, generation: 0, value, inStream: true, data: undefined });
    }
    const found = await stored(number, options);
    return found === undefined ? undefined : withData(found, true, options);
  }

  /** The object outside of object streams where its offset says, if what is in memory holds it and it makes sense. */
  function storedAtHand(number: number): StoredObject | undefined {
    const place = document.find(number);
    if (place?.kind !== 'offset') return undefined;
    const { offset, generation } = place;
    const bytes = file.atHand(offset, 1);
    if (bytes === undefined) return undefined;
    const end = document.nextOffset(offset) - offset;
    try {
      const cursor = cursorOver(
        bytes.length > end ? bytes.subarray(0, end) : bytes,
        offset,
        bytes.length >= end,
      );
      const found = parseStoredObject(cursor, number);
      budget.spendOn(number, cursor.at, cursor.values);
      if (found === undefined || !isWhole(found, cursor)) return undefined;
      return found.generation === generation ? found : { ...found, generation };
    } catch (error) {
      // More has to be read, or something looked into.
      if (error === incomplete || isDamage(error)) return undefined;
      throw error;
    }
  }

  function objectAtHand(number: number): PdfObject | undefined {
    const found = storedAtHand(number);
    if (found === undefined) return undefined;
    const { generation, value, dataStart, offset } = found;
    if (dataStart === undefined)
      return Object.freeze({ number, generation, value, inStream: false, data: undefined });
    const stated = asDictionary(value)?.entries.get('Length');
    const length = asCount(isReference(stated) ? storedAtHand(stated.number)?.value : stated);
    if (length === undefined || endsAfterAtHand(file, dataStart, length) !== true) return undefined;
    if (dataStart + length > document.nextOffset(offset)) return undefined;
    const data = file.slice(dataStart, length);
    return Object.freeze({ number, generation, value, inStream: false, data });
  }

  /** @param everywhere whether a length may be looked up in an object stream: not while one is being read */
  async function withData(
    { number, generation, value, dataStart, offset }: StoredObject,
    everywhere: boolean,
    options?: WaitOptions,
  ): Promise<PdfObject> {
    if (dataStart === undefined || typeof value !== 'object' || value?.kind !== 'dictionary')
      return Object.freeze({ number, generation, value, inStream: false, data: undefined });
    const length = await statedLength(value.entries.get('Length'), everywhere, options);
    const known = length !== undefined && (await endsAfter(file, dataStart, length, options));
    const actual = known ? length : await searchedLength(dataStart, options);
    // Streams within streams would be written again with all that each holds.
    const over = dataStart + actual - document.nextOffset(offset);
    if (over > 0) {
      overlap -= over;
      if (overlap < 0) throw beyondPdfLimit('bytes in streams that reach into other objects', mostOverlap);
    }
    return Object.freeze({
      number,
      generation,
      value,
      inStream: false,
      data: file.slice(dataStart, actual),
    });
  }

  function searchedLength(dataStart: number, options?: WaitOptions): Promise<number> {
    const bound = document.nextOffset(dataStart);
    budget.spend(Math.max(0, bound - dataStart));
    return findLength(file, dataStart, bound, options);
  }

  async function statedLength(
    value: PdfValue | undefined,
    everywhere: boolean,
    options?: WaitOptions,
  ): Promise<number | undefined> {
    if (typeof value !== 'object' || value?.kind !== 'reference') return asCount(value);
    const place = document.find(value.number);
    if (place?.kind === 'offset') return asCount((await stored(value.number, options))?.value);
    // The standard has no lengths in object streams that are encrypted, or that they are needed for.
    return place !== undefined && everywhere && (!encrypted || decrypt !== undefined)
      ? asCount((await object(value.number, options))?.value)
      : undefined;
  }

  async function streamObject(number: number, options?: WaitOptions): Promise<PdfObject> {
    if (encrypted && decrypt === undefined)
      throw unsupportedPdf('it is encrypted, and what was asked for takes its key', 'encrypted');
    const found = await stored(number, options);
    if (found === undefined) throw damagedPdf(`its object stream ${number} is not there`);
    return withData(found, false, options);
  }

  const objectStream = (number: number, options?: WaitOptions): Promise<ObjectStream> =>
    cache.get(
      number,
      async (waiting) => {
        const stream = await streamObject(number, waiting);
        const { value } = stream;
        if (typeof value !== 'object' || value?.kind !== 'dictionary')
          throw damagedPdf('there is no object stream where one should be');
        objectStreamHeader(value);
        return parseObjectStream(
          value,
          await decode(stream, maxima.pdfStructureBytes, undefined, budget.spend, waiting),
        );
      },
      options,
    );

  async function contentsOf(number: number, options?: WaitOptions): Promise<ObjectStream> {
    const stream = await streamObject(number, options);
    const { value } = stream;
    if (typeof value !== 'object' || value?.kind !== 'dictionary')
      throw damagedPdf('there is no object stream where one should be');
    const { first } = objectStreamHeader(value);
    return parseObjectStream(
      value,
      await decode(stream, maxima.pdfStructureBytes, first, budget.spend, options),
    );
  }

  /** @param spend of an object stream: told how many bytes are unpacked */
  async function decode(
    stream: PdfObject,
    limit: number,
    enough: number | undefined,
    spend: ((bytes: number) => void) | undefined,
    options?: WaitOptions,
  ): Promise<Uint8Array> {
    const { value, data } = stream;
    if (data === undefined || typeof value !== 'object' || value?.kind !== 'dictionary')
      throw damagedPdf(`its object ${stream.number} should be a stream`);
    const stored = decrypt === undefined ? data : await decrypt({ ...stream, data }, options);
    spend?.(Math.min(stored.size ?? 0, limit));
    return decodeStream(
      value,
      stored,
      limit,
      // What describes an object stream cannot be in one.
      (each) => resolve(each, options, spend === undefined),
      enough,
      options,
      spend,
    );
  }

  async function resolve(
    value: PdfValue | undefined,
    options?: WaitOptions,
    everywhere = true,
  ): Promise<PdfValue> {
    let current = value ?? null;
    for (let depth = 0; depth < maxima.pdfReferenceDepth; depth++) {
      if (typeof current !== 'object' || current?.kind !== 'reference') return current;
      const { number } = current;
      if (everywhere) current = (await object(number, options))?.value ?? null;
      else current = (await stored(number, options))?.value ?? null;
    }
    // References that go round lead to nothing.
    return null;
  }

  return {
    object,
    objectAtHand,
    resolve: (value, options) => resolve(value, options),
    decoded: (each, limit, options) => decode(each, limit, undefined, undefined, options),
    contentsOf,
  };
}
