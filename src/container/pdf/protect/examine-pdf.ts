import type { ByteSource, WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { DocumentContents, DocumentWriter, PartCipher } from '../../document-format.ts';
import type { PdfDocument } from '../pdf-document.ts';
import { readPdf } from '../read/read-pdf.ts';
import { protectedPdf } from './protected-pdf.ts';
import { refuseUnprotectable } from './refuse-unprotectable.ts';

/** A PDF that can be protected. */
export interface ExaminedPdf {
  /** Prepares the protected document. Throws `INVALID_ARGUMENT`, `UNSUPPORTED_VERSION`. */
  protect(contents: DocumentContents, cipher: PartCipher): DocumentWriter;
}

/**
 * Looks at a PDF that is to be protected. One that cannot be read is none: it becomes a PFILE, byte for byte.
 *
 * @param known the document, if it was read already
 *
 * Throws `UNSUPPORTED_FORMAT`, with the reason and what to do, for one that would not survive (spec/pdf.md, "Payload").
 */
export async function examinePdf(
  source: ByteSource,
  known?: PdfDocument,
  options?: WaitOptions,
): Promise<ExaminedPdf | undefined> {
  const document = known ?? (await readable(source, options));
  if (document === undefined) return undefined;
  await refuseUnprotectable(document, options);
  return Object.freeze({
    protect: (contents: DocumentContents, cipher: PartCipher) =>
      protectedPdf(document, source.size, contents, cipher),
  });
}

async function readable(source: ByteSource, options?: WaitOptions): Promise<PdfDocument | undefined> {
  try {
    return await readPdf(source, options);
  } catch (error) {
    if (error instanceof SealwrightError && damage.has(error.code)) return undefined;
    throw error;
  }
}

const damage: ReadonlySet<string> = new Set(['MALFORMED_CONTAINER', 'UNSUPPORTED_FORMAT', 'LIMIT_EXCEEDED']);
