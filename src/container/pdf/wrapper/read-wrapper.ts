import { type ByteSource, maxima, memorySource, type WaitOptions } from '../../../bytes/index.ts';
import { type PdfMetadata, readPdfMetadata } from '../metadata/document-metadata.ts';
import type { PdfDocument, PdfObject, PdfValue } from '../pdf-document.ts';
import { damagedPdf, isDamage } from '../read/damage.ts';
import { asCount, asDictionary, itemsOf } from '../read/dictionary.ts';
import { type FoundPayload, findPayload } from './find-payload.ts';

/** The protected document in a wrapper. */
export interface WrappedPayload {
  /** Its bytes; seekable and of known size. */
  readonly source: ByteSource;
  /** The version that the wrapper states, `2`. */
  readonly version: string | undefined;
  /** The size that the wrapper states; nobody need keep to it. */
  readonly statedSize: number | undefined;
  /** The MD5 that the wrapper states. */
  readonly checksum: Uint8Array | undefined;
  /** The XMP packet of the wrapper, where labels stand; empty if there is none that can be read. */
  readonly metadata: Uint8Array;
  /** Texts of its Info dictionary, where they stand too. */
  readonly labelProperties: readonly (readonly [name: string, value: string])[];
}

/**
 * The protected document that a PDF is a wrapper of; `undefined` if it is none (spec/pdf.md, "Wrapper"). As stored it
 * is read where it stands; one that is compressed is unpacked into memory, up to `maxima.collectedBytes`.
 *
 * @param document the wrapper, as `readPdf` gives it
 * @throws SealwrightError `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`, `UNSUPPORTED_FORMAT` for a payload that cannot be read
 *
 * @example
 * ```ts
 * const payload = await readWrapper(await readPdf(source));
 * const inner = payload && (await readPdf(payload.source));
 * ```
 */
export async function readWrapper(
  document: PdfDocument,
  options?: WaitOptions,
): Promise<WrappedPayload | undefined> {
  const found = await findPayload(document, options);
  if (found === undefined) return undefined;
  const resolve = (value: PdfValue | undefined) => document.resolve(value, options);
  const object = await embeddedFile(document, found, options);
  const dictionary = asDictionary(object.value);
  const parameters = asDictionary(await resolve(dictionary?.entries.get('Params')));
  const checksum = await resolve(parameters?.entries.get('CheckSum'));
  const filters = itemsOf(await resolve(dictionary?.entries.get('Filter')));
  const { packet, properties } = await statedBy(document, options);
  const stored = filters.length === 0 && !dictionary?.entries.has('F');
  return Object.freeze({
    source: stored
      ? (object.data as ByteSource)
      : memorySource(await document.decoded(object, maxima.collectedBytes, options)),
    version: versionText(await resolve(found.encryption?.entries.get('Version'))),
    statedSize: asCount(await resolve(parameters?.entries.get('Size'))),
    checksum:
      typeof checksum === 'object' && checksum?.kind === 'string' && checksum.bytes.length === 16
        ? checksum.bytes
        : undefined,
    metadata: packet ?? new Uint8Array(0),
    labelProperties: properties,
  });
}

/** Labels are a statement: those that cannot be read are none. */
async function statedBy(
  document: PdfDocument,
  options: WaitOptions | undefined,
): Promise<Pick<PdfMetadata, 'packet' | 'properties'>> {
  try {
    return await readPdfMetadata(document, options);
  } catch (error) {
    if (isDamage(error)) return { packet: undefined, properties: [] };
    throw error;
  }
}

async function embeddedFile(
  document: PdfDocument,
  { file }: FoundPayload,
  options: WaitOptions | undefined,
): Promise<PdfObject> {
  const embedded = asDictionary(await document.resolve(file.entries.get('EF'), options));
  for (const key of ['F', 'UF']) {
    const reference = embedded?.entries.get(key);
    if (typeof reference !== 'object' || reference?.kind !== 'reference') continue;
    const object = await document.object(reference.number, options);
    if (object?.data !== undefined) return object;
  }
  throw damagedPdf('it says that it holds a protected document, but there is none in it');
}

/** The standard has a name there, Microsoft's writers a number, others a string. */
function versionText(value: PdfValue): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (value.kind === 'name' || value.kind === 'number') return value.text;
  return value.kind === 'string' ? String.fromCharCode(...value.bytes.subarray(0, 16)) : undefined;
}
