import { memorySource } from '../../../src/bytes/index.ts';
import { cipherMode } from '../../../src/cipher/index.ts';
import type { DocumentContents, PdfSettings } from '../../../src/container/index.ts';
import { pdfFormat } from '../../../src/container/pdf/format.ts';
import { definePolicy } from '../../../src/rights/index.ts';
import { memoryAuthority, policy } from '../office/stage.test-support.ts';
import { written } from './written.test-support.ts';

// What tests of PDFs share: documents protected and opened by an authority in memory, in the mode of Microsoft's readers.

let made: ReturnType<typeof memoryAuthority> | undefined;

/** One authority for all documents, made when the first is protected. */
const authority = (): ReturnType<typeof memoryAuthority> => {
  made ??= memoryAuthority();
  return made;
};

/** A protected PDF, in its wrapper unless the settings say otherwise. */
export async function protectedPdf(
  bytes: Uint8Array,
  pdf: PdfSettings = {},
  labels: Pick<DocumentContents, 'metadata' | 'labelProperties'> = {},
): Promise<Uint8Array> {
  const source = memorySource(bytes);
  const document = await pdfFormat.examine({ head: bytes.subarray(0, 4096), source, name: 'a.pdf' });
  if (document === undefined) throw new Error('The document is not taken for a PDF.');
  const published = await (await authority())
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
  const license = await (await authority())
    .as('bob@contoso.com')
    .acquireUseLicense(document.publishingLicense);
  const mode = cipherMode(document.cipherModeFor(license.cipherMode));
  return written(await document.open({ mode, key: license.contentKey }));
}
