import { type ByteSource, maxima, type WaitOptions } from '../../bytes/index.ts';
import type { PdfDocument } from '../pdf/pdf-document.ts';
import { isDamage } from '../pdf/read/damage.ts';
import { asDictionary, asName } from '../pdf/read/dictionary.ts';
import { readPdf } from '../pdf/read/read-pdf.ts';
import { findPayload } from '../pdf/wrapper/find-payload.ts';
import { payloadFilter } from '../pdf/wrapper/payload-names.ts';
import { boundedReading } from './bounded-reading.ts';
import { type PdfProtection, searchedPdfProtection } from './search-pdf.ts';

/** What a PDF is, and what had to be read of it to tell. */
export interface RecognisedPdf {
  /** `undefined` if nothing says that it is protected. */
  readonly protection: PdfProtection | undefined;
  /** The document; `undefined` if it cannot be read, or not within the bounds of recognising. */
  readonly document: PdfDocument | undefined;
}

/**
 * Whether a PDF is protected by rights management, in its wrapper or without one and in whatever version, or by a password
 * (spec/pdf.md, "Recognising"). Of a whole document its cross-references are read, its catalog, and what that says of
 * embedded files; a damaged or overlong one is searched at either end.
 */
export async function recognisedPdf(source: ByteSource, options?: WaitOptions): Promise<RecognisedPdf> {
  let document: PdfDocument | undefined;
  if (source.seekable && source.size !== undefined)
    try {
      const bounded = boundedReading(source, maxima.recognitionSearchBytes);
      const read = await readPdf(bounded, options);
      const protection = await statedProtection(read, options);
      bounded.unbind();
      document = read;
      if (protection !== 'damaged') return { protection, document };
    } catch (error) {
      if (!isDamage(error)) throw error;
    }
  return { protection: await searchedPdfProtection(source, options), document };
}

async function statedProtection(
  document: PdfDocument,
  options: WaitOptions | undefined,
): Promise<PdfProtection | 'damaged' | undefined> {
  if (!document.encrypted) {
    if ((await findPayload(document, options)) !== undefined) return 'pdf';
    // What is left of it says nothing of protection; what is lost may have.
    return document.rebuilt ? 'damaged' : undefined;
  }
  const encryption = asDictionary(await document.resolve(document.trailer.entries.get('Encrypt'), options));
  const filter = asName(await document.resolve(encryption?.entries.get('Filter'), options));
  return filter?.toLowerCase() === payloadFilter.toLowerCase() ? 'pdf' : 'pdf-password';
}
