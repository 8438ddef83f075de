import { SealwrightError } from '../../../errors.ts';
import type { DocumentContents, DocumentWriter, PartCipher } from '../../document-format.ts';
import type { PdfDocument } from '../pdf-document.ts';
import { wrapped } from '../wrapper/write-wrapper.ts';
import { encryptedPayload } from './encrypted-payload.ts';

/** The version that is written. */
export const writtenVersion = '2';

/**
 * A protected PDF: the encrypted document, in its wrapper unless that was not wanted.
 *
 * @param size bytes of the document's file, for progress
 *
 * Throws `INVALID_ARGUMENT`, `UNSUPPORTED_VERSION`, `LIMIT_EXCEEDED`, `MALFORMED_LICENSE`.
 */
export function protectedPdf(
  document: PdfDocument,
  size: number | undefined,
  contents: DocumentContents,
  cipher: PartCipher,
): DocumentWriter {
  const { formatVersion = writtenVersion, publishingLicense, metadata, labelProperties } = contents;
  if (formatVersion !== writtenVersion)
    throw new SealwrightError(
      'UNSUPPORTED_VERSION',
      `PDFs are protected in version ${writtenVersion} of their format, not ${JSON.stringify(formatVersion.slice(0, 16))}. Leave the choice to the library.`,
    );
  const payload = encryptedPayload(document, size, publishingLicense, cipher);
  const { wrapper = true, cover } = contents.settings?.pdf ?? {};
  return wrapper ? wrapped(payload, { metadata, labelProperties, cover }) : payload;
}
