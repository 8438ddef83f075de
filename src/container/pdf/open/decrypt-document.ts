import type { ByteSink, ByteSource, MaybePromise, WaitOptions } from '../../../bytes/index.ts';
import type { DocumentTransferOptions, DocumentWriter, PartCipher } from '../../document-format.ts';
import type { PdfDictionary, PdfDocument } from '../pdf-document.ts';
import { asName } from '../read/dictionary.ts';
import { keptTrailer } from '../rewrite/kept-trailer.ts';
import { linearizationObjects } from '../rewrite/linearization.ts';
import { rewritePdf } from '../rewrite/rewrite-pdf.ts';
import { ownCryptFilter } from '../rewrite/stream-dictionary.ts';
import { decryptUnits } from '../unit-cipher/decrypt-units.ts';
import { sameUnits } from '../unit-cipher/same-units.ts';
import type { TransformedStream, UnitTransform } from '../unit-cipher/unit-transform.ts';
import type { PdfEncryption } from './read-encryption.ts';

/**
 * The document that a protected one was made from: every unit decrypted, no encryption dictionary any more (spec/pdf.md,
 * "Opening"). The key must last until it is written.
 *
 * @param document the encrypted one, without its wrapper
 * @param size bytes of its file, for progress
 *
 * Writing throws `DECRYPTION_FAILED`, `MALFORMED_CONTAINER`, `UNSUPPORTED_CIPHER_MODE`.
 */
export const decryptedDocument = (
  document: PdfDocument,
  size: number | undefined,
  encryption: PdfEncryption,
  cipher: PartCipher,
): DocumentWriter =>
  Object.freeze({
    size: undefined,
    async writeTo(sink: ByteSink, options?: DocumentTransferOptions) {
      const units = await decryptUnits(cipher);
      try {
        const leftOut = await linearizationObjects(document, options);
        if (encryption.number !== undefined) leftOut.add(encryption.number);
        return await rewritePdf(
          {
            document,
            size,
            units: asEncrypted(units, encryption),
            leftOut,
            readableObjectStreams: false,
            trailer: keptTrailer(document),
          },
          sink,
          options,
        );
      } finally {
        units.wipe();
      }
    },
  });

/** Decrypts what the encryption dictionary says is encrypted, and leaves the rest. */
function asEncrypted(units: UnitTransform, encryption: PdfEncryption): UnitTransform {
  return {
    string: encryption.strings ? units.string : sameUnits.string,
    stream: (
      data: ByteSource,
      dictionary: PdfDictionary,
      options?: WaitOptions,
    ): MaybePromise<TransformedStream> =>
      (isEncrypted(dictionary, encryption) ? units : sameUnits).stream(data, dictionary, options),
    wipe: units.wipe,
  };
}

function isEncrypted(dictionary: PdfDictionary, encryption: PdfEncryption): boolean {
  const own = ownCryptFilter(dictionary);
  if (own !== undefined) return encryption.encrypts(own);
  const type = asName(dictionary.entries.get('Type'));
  if (type === 'Metadata' && !encryption.metadata) return false;
  return type === 'EmbeddedFile' ? encryption.embeddedFiles : encryption.streams;
}
