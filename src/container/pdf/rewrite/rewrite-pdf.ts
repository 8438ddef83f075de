import type { ByteSink, ByteSource, MaybePromise } from '../../../bytes/index.ts';
import type { DocumentTransferOptions } from '../../document-format.ts';
import { appendCount, appendText, clear, growingBytes, written } from '../growing-bytes.ts';
import { nextNumber } from '../next-number.ts';
import type { PdfDictionary, PdfDocument, PdfObject, PdfObjectEntry, PdfValue } from '../pdf-document.ts';
import { asCount, asDictionary, asName } from '../read/dictionary.ts';
import type { TransformedStream, UnitTransform, UnitWriteOptions } from '../unit-cipher/unit-transform.ts';
import { whenThere } from '../when-there.ts';
import { appendValue, type ReplacedStrings } from '../write-value.ts';
import { checkTableOffset, writeStream, writeTable } from './cross-references.ts';
import { withDirectCryptFilter } from './direct-crypt-filter.ts';
import { objectPlaces } from './object-places.ts';
import { pdfOutput } from './pdf-output.ts';
import { replacedStrings } from './replace-strings.ts';
import { streamDictionary } from './stream-dictionary.ts';

/** How a document is written again. */
export interface RewritePlan {
  readonly document: PdfDocument;
  /** Bytes of its file, for progress. */
  readonly size?: number | undefined;
  readonly units: UnitTransform;
  /** Objects that are not written. */
  readonly leftOut?: ReadonlySet<number> | undefined;
  /** Objects that stand in an object stream and are to be written by themselves. */
  readonly byThemselves?: ReadonlySet<number> | undefined;
  /**
   * Whether object streams can be looked into: then those that hold anything dead are dissolved. Those that are still
   * encrypted stay as they are.
   */
  readonly readableObjectStreams: boolean;
  /** The keys of the trailer, without those of the cross-references. */
  readonly trailer: ReadonlyMap<string, PdfValue>;
  /** Objects to add behind the others; the trailer gets a reference to each. */
  readonly added?: readonly AddedObject[] | undefined;
}

/** An object that the source does not have. */
export interface AddedObject {
  /** Under which the trailer refers to it. */
  readonly trailerKey: string;
  readonly value: PdfValue;
  /** Strings of it that are written otherwise; all others are written as they are. */
  readonly replaced?: ReplacedStrings | undefined;
}

/** Bytes of a source whose offsets a table may not have room for once it is written again. */
const mostForTable = 9_000_000_000;

/** The header and, in a comment, bytes beyond ASCII: they tell programs that transfer files that this is no text. */
const headerOf = (version: string): Uint8Array =>
  Uint8Array.from([...`%PDF-${version}\n%âãÏÓ\n`].map((character) => character.charCodeAt(0)));

/**
 * Writes a document again, object by object, in one pass over its file: numbers, order, names and filters as they are, strings
 * and streams transformed, old versions of objects left behind (spec/pdf.md, "Payload").
 *
 * @returns the bytes written
 */
export async function rewritePdf(
  plan: RewritePlan,
  sink: ByteSink,
  options: DocumentTransferOptions = {},
): Promise<number> {
  const { document, units, trailer } = plan;
  const output = pdfOutput(sink, options);
  const gathered = growingBytes();
  const places = objectPlaces();
  const inStreams = document.entries.some(({ inStream }) => inStream !== undefined);
  const compressed = inStreams || (plan.size ?? 0) > mostForTable;
  const added = plan.added ?? [];
  let next = nextNumber(document, added.length + (compressed ? 1 : 0));
  await output.write(headerOf(compressed ? atLeast15(document.version) : document.version));
  let streamOffset = 0;
  const streamOptions: UnitWriteOptions = {
    signal: options.signal,
    onRead: (bytes) => options.onProgress?.(streamOffset + bytes, plan.size),
  };

  const live = liveInStreams(document.entries);
  const dissolved = new Set<number>();
  for (const { number, generation, offset = 0, inStream } of document.entries) {
    if (plan.leftOut?.has(number)) continue;
    if (inStream !== undefined && !dissolved.has(inStream.number) && !plan.byThemselves?.has(number)) {
      places.addInStream(number, inStream.number, inStream.index);
      continue;
    }
    options.signal?.throwIfAborted();
    options.onProgress?.(offset, plan.size);
    const object = document.objectAtHand(number) ?? (await document.object(number, options));
    if (object === undefined) continue;
    const type = streamType(object);
    if (type === 'XRef') continue;
    if (type === 'ObjStm' && isDead(object, live.get(number), plan)) {
      dissolved.add(number);
      continue;
    }
    places.add(number, generation, output.position);
    const writing = writeObject(object, offset);
    if (writing !== undefined) await writing;
  }

  const entries = new Map(trailer);
  for (const { trailerKey, value, replaced } of added) {
    entries.set(trailerKey, { kind: 'reference', number: next, generation: 0 });
    places.add(next, 0, output.position);
    await writeValue({ number: next++, generation: 0, value }, replaced, '\nendobj\n');
  }
  if (compressed) await writeStream(output, places, next, entries);
  else {
    checkTableOffset(output.position);
    await writeTable(output, places, entries);
  }
  await output.flush();
  if (plan.size !== undefined) options.onProgress?.(plan.size, plan.size);
  return output.position;

  /** Gives nothing to wait for while everything is at hand and only gathered. */
  function writeObject(object: PdfObject, offset: number): MaybePromise<void> {
    const dictionary = object.data === undefined ? undefined : asDictionary(object.value);
    if (dictionary !== undefined)
      return whenThere(withDirectCryptFilter(document, dictionary, options), (direct) =>
        writeStreamObject(object, direct, offset),
      );
    return whenThere(replacedStrings(object.value, units.string), (replaced) =>
      writeValue(object, replaced, '\nendobj\n'),
    );
  }

  function writeStreamObject(
    object: PdfObject,
    dictionary: PdfDictionary,
    offset: number,
  ): MaybePromise<void> {
    return whenThere(units.stream(object.data as ByteSource, dictionary, options), (stream) => {
      const value = streamDictionary(dictionary, stream.length);
      return whenThere(replacedStrings(value, units.string), (replaced) =>
        whenThere(writeValue({ ...object, value }, replaced, 'stream\n'), () => writeData(stream, offset)),
      );
    });
  }

  function writeData(stream: TransformedStream, offset: number): MaybePromise<void> {
    streamOffset = offset;
    return whenThere(stream.writeTo(output, streamOptions), () => output.text('\nendstream\nendobj\n'));
  }

  function writeValue(
    { number, generation, value }: Pick<PdfObject, 'number' | 'generation' | 'value'>,
    replaced: ReplacedStrings | undefined,
    after: string,
  ): MaybePromise<void> {
    clear(gathered);
    appendCount(gathered, number);
    appendText(gathered, ' ');
    appendCount(gathered, generation);
    appendText(gathered, ' obj\n');
    appendValue(gathered, value, replaced);
    appendText(gathered, after);
    return output.write(written(gathered));
  }
}

/** How many live objects stand in each object stream. */
function liveInStreams(entries: readonly PdfObjectEntry[]): ReadonlyMap<number, number> {
  const live = new Map<number, number>();
  for (const { inStream } of entries)
    if (inStream !== undefined) live.set(inStream.number, (live.get(inStream.number) ?? 0) + 1);
  return live;
}

/** What kind of stream an object is, if it is a stream and says so. */
const streamType = ({ value, data }: PdfObject): string | undefined =>
  data === undefined ? undefined : asName(asDictionary(value)?.entries.get('Type'));

/** Whether an object stream is not written: nothing in it is live, or not all of it and what is live can be taken out. */
const isDead = ({ value }: PdfObject, live: number | undefined, plan: RewritePlan): boolean =>
  live === undefined ||
  (plan.readableObjectStreams && live !== asCount(asDictionary(value)?.entries.get('N')));

const atLeast15 = (version: string): string => (/^1\.[0-4]$/.test(version) ? '1.5' : version);
