import type { ByteSource } from '../../bytes/index.ts';
import type { ContainerReadOptions } from '../container-format.ts';
import type { ProtectedDocument } from '../document-format.ts';
import { decryptedDocument } from './open/decrypt-document.ts';
import { readEncryption } from './open/read-encryption.ts';
import { readPdf } from './read/read-pdf.ts';
import { readWrapper } from './wrapper/read-wrapper.ts';

/**
 * Reads a protected PDF, with or without its wrapper, as far as no key is needed (spec/pdf.md, "Opening").
 *
 * @param source the file, seekable and of known size
 * @param options `pdf`, if it was read already
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
  const outer = options?.pdf ?? (await readPdf(source, options));
  const wrapped = outer.encrypted ? undefined : await readWrapper(outer, options);
  const payload = wrapped?.source ?? source;
  const document = wrapped === undefined ? outer : await readPdf(payload, options);
  const encryption = await readEncryption(document, options);
  const inPlace = payload.origin?.source === (source.origin?.source ?? source) ? payload.origin : undefined;
  return Object.freeze<ProtectedDocument>({
    format: 'pdf',
    formatVersion: encryption.version,
    publishingLicense: encryption.license,
    metadata: wrapped?.metadata ?? new Uint8Array(0),
    labelProperties: wrapped?.labelProperties,
    originalExtension: '.pdf',
    originalSize: undefined,
    contentOffset: inPlace === undefined ? 0 : inPlace.offset - (source.origin?.offset ?? 0),
    contentLength: payload.size,
    cipherModeFor: (licensed) => licensed,
    open: async (cipher) => decryptedDocument(document, payload.size, encryption, cipher),
  });
}
