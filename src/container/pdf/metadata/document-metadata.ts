import { maxima, type WaitOptions } from '../../../bytes/index.ts';
import type { PdfDictionary, PdfDocument, PdfObject, PdfReference, PdfValue } from '../pdf-document.ts';
import { asDictionary } from '../read/dictionary.ts';
import { readTextString } from '../text-string.ts';

/** What a PDF says of itself, in its two places (ISO 32000-2, 14.3). */
export interface PdfMetadata {
  /** The Info dictionary; empty if there is none. */
  readonly info: PdfDictionary;
  /** Where the Info dictionary is, if it is an object of its own. */
  readonly infoReference: PdfReference | undefined;
  /** The texts in the Info dictionary, in its order. */
  readonly properties: readonly (readonly [name: string, value: string])[];
  /** The stream of the XMP packet of the document. */
  readonly stream: PdfObject | undefined;
  /** The packet; `undefined` if there is none. */
  readonly packet: Uint8Array | undefined;
}

/**
 * Reads the Info dictionary and the XMP packet of a document that is not encrypted.
 *
 * @throws SealwrightError `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`, `UNSUPPORTED_FORMAT` for a document or a packet that cannot be read
 */
export async function readPdfMetadata(document: PdfDocument, options?: WaitOptions): Promise<PdfMetadata> {
  const stated = document.trailer.entries.get('Info');
  const info = asDictionary(await document.resolve(stated, options));
  const catalog = asDictionary(await document.resolve(document.trailer.entries.get('Root'), options));
  const metadata = asReference(catalog?.entries.get('Metadata'));
  const object = metadata === undefined ? undefined : await document.object(metadata.number, options);
  const stream = object?.data === undefined ? undefined : object;
  return Object.freeze({
    info: info ?? noInfo,
    infoReference: info === undefined ? undefined : asReference(stated),
    properties: Object.freeze(info === undefined ? [] : textsOf(info)),
    stream,
    packet: stream && (await document.decoded(stream, maxima.xmpBytes, options)),
  });
}

const noInfo: PdfDictionary = { kind: 'dictionary', entries: new Map() };

/** Texts of the dictionary itself; none of what is said of a document stands in objects of their own. */
function textsOf({ entries }: PdfDictionary): readonly (readonly [string, string])[] {
  const texts: (readonly [string, string])[] = [];
  for (const [name, value] of entries) {
    if (texts.length >= maxima.properties) break;
    if (typeof value === 'object' && value?.kind === 'string')
      texts.push(Object.freeze([name, readTextString(value.bytes)] as const));
  }
  return texts;
}

export const asReference = (value: PdfValue | undefined): PdfReference | undefined =>
  typeof value === 'object' && value?.kind === 'reference' ? value : undefined;
