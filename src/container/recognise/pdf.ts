import { type ByteSource, maxima, type WaitOptions } from '../../bytes/index.ts';
import { isDamage } from '../pdf/read/damage.ts';
import { asDictionary, asName } from '../pdf/read/dictionary.ts';
import { readPdf } from '../pdf/read/read-pdf.ts';
import { findPayload } from '../pdf/wrapper/find-payload.ts';
import { payloadFilter } from '../pdf/wrapper/payload-names.ts';
import { boundedReading } from './bounded-reading.ts';
import { type PdfProtection, searchedPdfProtection } from './search-pdf.ts';

/**
 * Whether a PDF is protected by rights management, in its wrapper or without one and in whatever version, or by a password
 * (spec/pdf.md, "Recognising"). Of a whole document its cross-references are read, its catalog, and what that says of
 * embedded files; a damaged or overlong one is searched at either end. `undefined` if neither was found.
 */
export async function pdfProtection(
  source: ByteSource,
  options?: WaitOptions,
): Promise<PdfProtection | undefined> {
  if (source.seekable && source.size !== undefined)
    try {
      const stated = await statedProtection(boundedReading(source, maxima.recognitionSearchBytes), options);
      if (stated !== 'damaged') return stated;
    } catch (error) {
      if (!isDamage(error)) throw error;
    }
  return searchedPdfProtection(source, options);
}

async function statedProtection(
  source: ByteSource,
  options: WaitOptions | undefined,
): Promise<PdfProtection | 'damaged' | undefined> {
  const document = await readPdf(source, options);
  if (!document.encrypted) {
    if ((await findPayload(document, options)) !== undefined) return 'pdf';
    // What is left of it says nothing of protection; what is lost may have.
    return document.rebuilt ? 'damaged' : undefined;
  }
  const encryption = asDictionary(await document.resolve(document.trailer.entries.get('Encrypt'), options));
  const filter = asName(await document.resolve(encryption?.entries.get('Filter'), options));
  return filter?.toLowerCase() === payloadFilter.toLowerCase() ? 'pdf' : 'pdf-password';
}
