import { type ByteSource, maxima, type WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { ContainerReadOptions } from '../container-format.ts';
import type { ProtectedDocument } from '../document-format.ts';
import { decryptedDocument } from './open/decrypt-document.ts';
import { readEncryption } from './open/read-encryption.ts';
import type { PdfDocument } from './pdf-document.ts';
import { asDictionary } from './read/dictionary.ts';
import { readPdf } from './read/read-pdf.ts';
import { readWrapper } from './wrapper/read-wrapper.ts';

/**
 * Reads a protected PDF, with or without its wrapper, as far as no key is needed (spec/pdf.md, "Opening").
 *
 * @param source the file, seekable and of known size
 *
 * Throws `NOT_PROTECTED`, `UNSUPPORTED_FORMAT` (encrypted with a password, or in an unknown way),
 * `UNSUPPORTED_VERSION`, `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`.
 *
 * @example
 * ```ts
 * const protectedPdf = await readProtectedPdf(memorySource(bytes));
 * const writer = await protectedPdf.open({ mode: cipherMode('MICROSOFT.CBC4K'), key });
 * await writer.writeTo(sink);
 * ```
 */
export async function readProtectedPdf(
  source: ByteSource,
  options?: ContainerReadOptions,
): Promise<ProtectedDocument> {
  const outer = await readPdf(source, options);
  const wrapped = outer.encrypted ? undefined : await readWrapper(outer, options);
  const payload = wrapped?.source ?? source;
  const document = wrapped === undefined ? outer : await readPdf(payload, options);
  const encryption = await readEncryption(document, options);
  const inPlace = payload.origin?.source === (source.origin?.source ?? source) ? payload.origin : undefined;
  return Object.freeze<ProtectedDocument>({
    format: 'pdf',
    formatVersion: encryption.version,
    publishingLicense: encryption.license,
    metadata: wrapped === undefined ? new Uint8Array(0) : await metadataOf(outer, options),
    originalExtension: '.pdf',
    originalSize: undefined,
    contentOffset: inPlace === undefined ? 0 : inPlace.offset - (source.origin?.offset ?? 0),
    contentLength: payload.size,
    cipherModeFor: (licensed) => licensed,
    open: async (cipher) => decryptedDocument(document, payload.size, encryption, cipher),
  });
}

/** The XMP packet of a document; one that cannot be read is the same as none. */
async function metadataOf(document: PdfDocument, options: WaitOptions | undefined): Promise<Uint8Array> {
  try {
    const catalog = asDictionary(await document.resolve(document.trailer.entries.get('Root'), options));
    const reference = catalog?.entries.get('Metadata');
    if (typeof reference !== 'object' || reference?.kind !== 'reference') return new Uint8Array(0);
    const object = await document.object(reference.number, options);
    if (object?.data === undefined) return new Uint8Array(0);
    return (await document.decoded(object, maxima.metadataBytes, options)).slice();
  } catch (error) {
    if (error instanceof SealwrightError) return new Uint8Array(0);
    throw error;
  }
}
