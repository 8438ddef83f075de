import type { ByteSource, WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { DecryptPdfStream, PdfDictionary, PdfDocument } from '../pdf-document.ts';
import { damagedPdf, isDamage, isEncryption } from './damage.ts';
import { asDictionary, asName } from './dictionary.ts';
import { type DocumentFile, documentFile } from './document-file.ts';
import { readHeader, readStart } from './file-ends.ts';
import { type ObjectReader, objectReader } from './read-object.ts';
import { type ReadingWindows, readingWindows } from './reading-windows.ts';
import { rebuiltTrailer, withObjectStreams } from './rebuild.ts';
import { type FileScan, scanFile } from './scan.ts';
import { readSections } from './sections.ts';

/**
 * Reads where the objects of a PDF are (spec/pdf.md, "Reading"): the cross-references of every update, or, where they are
 * damaged, what a search of the file finds. Objects are read when they are asked for.
 *
 * @param source seekable and of known size
 * @returns the document; nothing of `source` beyond small windows is held in memory
 * @throws SealwrightError `MALFORMED_CONTAINER` for a file that is no PDF or has no catalog, `LIMIT_EXCEEDED`
 *
 * @example
 * ```ts
 * const document = await readPdf(memorySource(bytes));
 * const catalog = await document.resolve(document.trailer.entries.get('Root'));
 * for (const { number } of document.entries) console.log(await document.object(number));
 * ```
 */
export async function readPdf(source: ByteSource, options?: WaitOptions): Promise<PdfDocument> {
  if (source.size === undefined || !source.seekable)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'A PDF is read from a seekable source of known size. Collect the stream first.',
    );
  const file = readingWindows(source, source.size);
  const header = await readHeader(file, options);
  try {
    const start = await readStart(file, options);
    const bases = header.offset === 0 ? [0] : [0, header.offset];
    const { references, trailer, streams } = await readSections(file, start, bases, options);
    const facts = { file, trailer, references, left: streams, headerOffset: header.offset };
    return await pdfDocument(documentFile(facts), header.version, undefined, options);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return await rebuilt(file, header.version, error, undefined, options);
  }
}

/** The document that a search of the file finds. @param reason why it is searched */
async function rebuilt(
  file: ReadingWindows,
  version: string,
  reason: SealwrightError,
  decrypt: DecryptPdfStream | undefined,
  options?: WaitOptions,
  known?: FileScan,
): Promise<PdfDocument> {
  const scan = known ?? (await scanFile(file, options));
  const left = scan.crossReferenceStreams;
  const none: PdfDictionary = { kind: 'dictionary', entries: new Map() };
  const facts = { file, trailer: none, references: scan.objects, left, headerOffset: 0, scan };
  const encrypted = scan.trailers.some(isEncrypted);
  const bare = objectReader(documentFile(facts), encrypted, decrypt);
  const references = await withObjectStreams(scan, bare, file.size, options);
  const full = documentFile({ ...facts, references });
  const reader = objectReader(full, encrypted, decrypt);
  const trailer = await rebuiltTrailer(scan, full, reader, options);
  if (trailer === undefined)
    throw reason.code === 'UNSUPPORTED_FORMAT' ? reason : damagedPdf('no catalog of it can be found');
  return pdfDocument(
    documentFile({ ...facts, references, trailer }),
    version,
    decrypt,
    options,
    (decryptor, waiting) => rebuilt(file, version, reason, decryptor, waiting, scan),
  );
}

const isEncrypted = (trailer: PdfDictionary): boolean => (trailer.entries.get('Encrypt') ?? null) !== null;

/** @param decrypting how the same document is had decrypted, if not merely by decrypting its streams */
async function pdfDocument(
  document: DocumentFile,
  headerVersion: string,
  decrypt: DecryptPdfStream | undefined,
  options?: WaitOptions,
  decrypting?: (decryptor: DecryptPdfStream, options?: WaitOptions) => Promise<PdfDocument>,
): Promise<PdfDocument> {
  const encrypted = isEncrypted(document.trailer);
  const reader = objectReader(document, encrypted, decrypt);
  const withoutKey = encrypted && decrypt === undefined;
  const version = newerOf(headerVersion, await catalogVersion(document, reader, withoutKey, options));
  return Object.freeze({
    version,
    trailer: document.trailer,
    get rebuilt() {
      return document.rebuilt;
    },
    encrypted,
    get entries() {
      return document.entries;
    },
    object: reader.object,
    objectAtHand: reader.objectAtHand,
    resolve: reader.resolve,
    decoded: reader.decoded,
    decrypting:
      decrypting ??
      ((decryptor: DecryptPdfStream, waiting?: WaitOptions) =>
        pdfDocument(document, headerVersion, decryptor, waiting)),
  });
}

/** The version that the catalog states; `undefined` if it states none, or is encrypted. */
async function catalogVersion(
  document: DocumentFile,
  reader: ObjectReader,
  withoutKey: boolean,
  options?: WaitOptions,
): Promise<string | undefined> {
  try {
    const catalog = asDictionary(await reader.resolve(document.trailer.entries.get('Root'), options));
    // What is in encrypted object streams was not found by a search.
    if (catalog === undefined && document.rebuilt && withoutKey) return undefined;
    // Object streams and cross-references are dictionaries too, and do not stay when the document is written again.
    const type = asName(catalog?.entries.get('Type'));
    if (catalog === undefined || type === 'XRef' || type === 'ObjStm') throw damagedPdf('it has no catalog');
    const version = asName(catalog.entries.get('Version'));
    return version !== undefined && /^\d\.\d$/.test(version) ? version : undefined;
  } catch (error) {
    if (isEncryption(error)) return undefined;
    throw error;
  }
}

const newerOf = (one: string, other: string | undefined): string =>
  other !== undefined && Number(other) > Number(one) ? other : one;
