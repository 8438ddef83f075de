import { type ByteSink, sha256 } from '../../../bytes/index.ts';
import type { DocumentTransferOptions, DocumentWriter, PartCipher } from '../../document-format.ts';
import type { PdfDocument, PdfReference, PdfValue } from '../pdf-document.ts';
import { keptTrailer } from '../rewrite/kept-trailer.ts';
import { linearizationObjects } from '../rewrite/linearization.ts';
import { replacedStrings } from '../rewrite/replace-strings.ts';
import { type AddedObject, rewritePdf } from '../rewrite/rewrite-pdf.ts';
import { encryptUnits } from '../unit-cipher/encrypt-units.ts';
import { encryptionDictionary, storedLicense } from './encryption-dictionary.ts';

/** Bytes of a file identifier. */
const identifierLength = 16;

/**
 * A document with every string and stream encrypted, and the license in its encryption dictionary: a protected PDF of
 * version 2 without its wrapper (spec/pdf.md, "Payload"). The key must last until it is written.
 *
 * @param document one that is not encrypted
 * @param size bytes of its file, for progress
 *
 * Throws `INVALID_ARGUMENT` for a license that cannot be stored; writing throws it for a mode that units have no room for.
 */
export function encryptedPayload(
  document: PdfDocument,
  size: number | undefined,
  publishingLicense: Uint8Array,
  cipher: PartCipher,
): DocumentWriter {
  const license = storedLicense(publishingLicense);
  return Object.freeze({
    size: undefined,
    async writeTo(sink: ByteSink, options?: DocumentTransferOptions) {
      const units = await encryptUnits(cipher);
      try {
        const trailer = keptTrailer(document);
        const added: AddedObject[] = [{ trailerKey: 'Encrypt', value: encryptionDictionary(license) }];
        // Strings of the trailer itself are not encrypted: what has any becomes an object.
        for (const [trailerKey, value] of trailer) {
          const replaced = trailerKey === 'ID' ? undefined : await replacedStrings(value, units.string);
          if (replaced !== undefined) added.push({ trailerKey, value, replaced });
        }
        // It is not encrypted, so that nothing else may stand there.
        if (!isIdentifier(trailer.get('ID'))) trailer.set('ID', identifier(license));
        return await rewritePdf(
          {
            document,
            size,
            units,
            leftOut: await linearizationObjects(document, options),
            byThemselves: new Set(catalogOf(trailer)),
            readableObjectStreams: true,
            trailer,
            added,
          },
          sink,
          options,
        );
      } finally {
        units.wipe();
      }
    },
  });
}

/** The catalog: some readers do not find it in an object stream of an encrypted file. */
function catalogOf(trailer: ReadonlyMap<string, PdfValue>): number[] {
  const root = trailer.get('Root');
  return isReference(root) ? [root.number] : [];
}

const isReference = (value: PdfValue | undefined): value is PdfReference =>
  typeof value === 'object' && value?.kind === 'reference';

/** Whether a value is two strings in place, as the standard wants it (ISO 32000-2, 14.4). */
const isIdentifier = (value: PdfValue | undefined): boolean =>
  typeof value === 'object' &&
  value?.kind === 'array' &&
  value.items.length === 2 &&
  value.items.every((item) => typeof item === 'object' && item?.kind === 'string');

/** A file identifier for a document that has none, which encrypted ones must have; made from what is unique to it. */
function identifier(license: Uint8Array): PdfValue {
  const bytes = sha256(license).slice(0, identifierLength);
  return {
    kind: 'array',
    items: [
      { kind: 'string', bytes },
      { kind: 'string', bytes },
    ],
  };
}
