import { maxima, type WaitOptions } from '../../../bytes/index.ts';
import type { DecryptPdfStream, PdfObject, PdfValue } from '../pdf-document.ts';
import { cursorOver, incomplete } from './cursor.ts';
import { damagedPdf, isDamage, unsupportedPdf } from './damage.ts';
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

  /** Bytes that may still be spent on objects that reach into others, so that reading all of them stays linear. */
  let overlap = 4 * file.size + maxima.pdfObjectBytes;

  /** The object at `offset`, if it is the one asked for. It ends before the next one begins, if there is sense in it. */
  async function storedAt(
    number: number,
    offset: number,
    options?: WaitOptions,
  ): Promise<StoredObject | undefined> {
    const next = document.nextOffset(offset);
    try {
      const found = await parseAt(file, offset, (cursor) => parseStoredObject(cursor, number), options, next);
      if (found !== undefined || next === file.size || overlap <= 0) return found;
    } catch (error) {
      if (!isDamage(error) || next === file.size || overlap <= 0) throw error;
    }
    // What is said to be the next one may be nothing.
    return parseAt(
      file,
      offset,
      (cursor) => {
        try {
          return parseStoredObject(cursor, number);
        } finally {
          overlap -= cursor.at;
        }
      },
      options,
    );
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
      const value = objectInStream(await objectStream(place.stream, options), number, place.index);
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
      return found === undefined || found.generation === generation ? found : { ...found, generation };
    } catch (error) {
      // More has to be read, or something looked into.
      if (error === incomplete || isDamage(error)) return undefined;
      throw error;
    }
  }

  function objectAtHand(number: number): PdfObject | undefined {
    const found = storedAtHand(number);
    if (found === undefined) return undefined;
    const { generation, value, dataStart } = found;
    if (dataStart === undefined)
      return Object.freeze({ number, generation, value, inStream: false, data: undefined });
    const stated = asDictionary(value)?.entries.get('Length');
    const length = asCount(isReference(stated) ? storedAtHand(stated.number)?.value : stated);
    if (length === undefined || endsAfterAtHand(file, dataStart, length) !== true) return undefined;
    const data = file.slice(dataStart, length);
    return Object.freeze({ number, generation, value, inStream: false, data });
  }

  /** @param everywhere whether a length may be looked up in an object stream: not while one is being read */
  async function withData(
    { number, generation, value, dataStart }: StoredObject,
    everywhere: boolean,
    options?: WaitOptions,
  ): Promise<PdfObject> {
    if (dataStart === undefined || typeof value !== 'object' || value?.kind !== 'dictionary')
      return Object.freeze({ number, generation, value, inStream: false, data: undefined });
    const length = await statedLength(value.entries.get('Length'), everywhere, options);
    const known = length !== undefined && (await endsAfter(file, dataStart, length, options));
    const actual = known
      ? length
      : await findLength(file, dataStart, document.nextOffset(dataStart), options);
    return Object.freeze({
      number,
      generation,
      value,
      inStream: false,
      data: file.slice(dataStart, actual),
    });
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
          await decode(stream, maxima.pdfStructureBytes, undefined, false, waiting),
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
    return parseObjectStream(value, await decode(stream, maxima.pdfStructureBytes, first, false, options));
  }

  async function decode(
    stream: PdfObject,
    limit: number,
    enough: number | undefined,
    everywhere: boolean,
    options?: WaitOptions,
  ): Promise<Uint8Array> {
    const { value, data } = stream;
    if (data === undefined || typeof value !== 'object' || value?.kind !== 'dictionary')
      throw damagedPdf(`its object ${stream.number} should be a stream`);
    const stored = decrypt === undefined ? data : await decrypt({ ...stream, data }, options);
    return decodeStream(
      value,
      stored,
      limit,
      // What describes an object stream cannot be in one.
      (each) => resolve(each, options, everywhere),
      enough,
      options,
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
    decoded: (each, limit, options) => decode(each, limit, undefined, true, options),
    contentsOf,
  };
}
