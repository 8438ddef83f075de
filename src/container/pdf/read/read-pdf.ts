import { type ByteSource, maxima, type WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { DecryptPdfStream, PdfDocument } from '../pdf-document.ts';
import { beyondPdfLimit, damagedPdf } from './damage.ts';
import { asDictionary, asName } from './dictionary.ts';
import { type DocumentFile, documentFile } from './document-file.ts';
import { readHeader, readStart } from './file-ends.ts';
import { type ObjectReader, objectReader } from './read-object.ts';
import { readingWindows } from './reading-windows.ts';
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
  const start = await readStart(file, options);
  const bases = header.offset === 0 ? [0] : [0, header.offset];
  const sections = await readSections(file, start, bases, options);
  if (sections.references.live > maxima.pdfLiveObjects)
    throw beyondPdfLimit('objects', maxima.pdfLiveObjects);
  const document = documentFile(
    file,
    sections.trailer,
    sections.references,
    sections.streams,
    header.offset,
    async () => sections.references,
  );
  return pdfDocument(document, header.version, undefined, options);
}

async function pdfDocument(
  document: DocumentFile,
  headerVersion: string,
  decrypt: DecryptPdfStream | undefined,
  options?: WaitOptions,
): Promise<PdfDocument> {
  const encrypted = (document.trailer.entries.get('Encrypt') ?? null) !== null;
  const reader = objectReader(document, encrypted, decrypt);
  const version = newerOf(headerVersion, await catalogVersion(document, reader, options));
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
    resolve: reader.resolve,
    decoded: reader.decoded,
    decrypting: (decryptor: DecryptPdfStream, waiting?: WaitOptions) =>
      pdfDocument(document, headerVersion, decryptor, waiting),
  });
}

/** The version that the catalog states; `undefined` if it states none, or is encrypted. */
async function catalogVersion(
  document: DocumentFile,
  reader: ObjectReader,
  options?: WaitOptions,
): Promise<string | undefined> {
  try {
    const catalog = asDictionary(await reader.resolve(document.trailer.entries.get('Root'), options));
    if (catalog === undefined) throw damagedPdf('it has no catalog');
    const version = asName(catalog.entries.get('Version'));
    return version !== undefined && /^\d\.\d$/.test(version) ? version : undefined;
  } catch (error) {
    if (error instanceof SealwrightError && error.details.reason === 'encrypted') return undefined;
    throw error;
  }
}

const newerOf = (one: string, other: string | undefined): string =>
  other !== undefined && Number(other) > Number(one) ? other : one;
