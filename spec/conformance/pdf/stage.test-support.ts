import { concatBytes, memorySource } from '../../../src/bytes/index.ts';
import { cipherMode } from '../../../src/cipher/index.ts';
import type { DocumentContents, DocumentWriter, PdfSettings } from '../../../src/container/index.ts';
import { pdfFormat } from '../../../src/container/pdf/format.ts';
import { definePolicy } from '../../../src/rights/index.ts';
import { memoryAuthority, policy } from '../office/stage.test-support.ts';

// What tests of PDFs share: documents protected and opened by an authority in memory, in the mode of Microsoft's readers.

const authority = await memoryAuthority();

/** A protected PDF, in its wrapper unless the settings say otherwise. */
export async function protectedPdf(
  bytes: Uint8Array,
  pdf: PdfSettings = {},
  labels: Pick<DocumentContents, 'metadata' | 'labelProperties'> = {},
): Promise<Uint8Array> {
  const source = memorySource(bytes);
  const document = await pdfFormat.examine({ head: bytes.subarray(0, 4096), source, name: 'a.pdf' });
  if (document === undefined) throw new Error('The document is not taken for a PDF.');
  const published = await authority
    .as('alice@contoso.com')
    .publish({ policy: definePolicy(policy), cipherMode: 'MICROSOFT.CBC4K' });
  return written(
    pdfFormat.protect(
      document,
      source,
      { publishingLicense: published.publishingLicense, settings: { pdf }, ...labels },
      { mode: cipherMode(published.cipherMode), key: published.contentKey },
    ),
  );
}

/** A protected PDF opened for somebody who may. */
export async function openedPdf(bytes: Uint8Array): Promise<Uint8Array> {
  const document = await pdfFormat.read(memorySource(bytes));
  const license = await authority.as('bob@contoso.com').acquireUseLicense(document.publishingLicense);
  const mode = cipherMode(document.cipherModeFor(license.cipherMode));
  return written(await document.open({ mode, key: license.contentKey }));
}

/** What a writer writes, in the pieces it comes in. */
export async function written(writer: DocumentWriter): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const size = await writer.writeTo({ write: (bytes) => void parts.push(bytes.slice()) });
  const bytes = concatBytes(parts);
  if (size !== bytes.length) throw new Error(`${size} bytes were said to be written, ${bytes.length} were.`);
  return bytes;
}
