import type { ByteSource, WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { ContainerReadOptions, DocumentInput } from '../container-format.ts';
import type { DocumentFormat } from '../document-format.ts';
import type { ExaminedPdf } from './protect/examine-pdf.ts';

/** A header may stand behind other bytes, but not far (ISO 32000-2, 7.5.2; what readers accept). */
const headerWithin = 1024;

/** Bytes of `%PDF-`. */
const signature = [0x25, 0x50, 0x44, 0x46, 0x2d];

/** Whether a document that begins so may be a PDF by its content and, if it has one, by its name. */
function mayTake(head: Uint8Array, name: string | undefined): boolean {
  if (name !== undefined && !/\.pdf$/i.test(name)) return false;
  const last = Math.min(headerWithin, head.length - signature.length);
  for (let at = 0; at <= last; at++) if (signature.every((byte, i) => head[at + i] === byte)) return true;
  return false;
}

/**
 * PDFs in their own format: strings and streams encrypted in place, in a wrapper that every reader can show
 * (spec/pdf.md). What does the work is loaded when it is needed.
 */
export const pdfFormat: DocumentFormat = Object.freeze<DocumentFormat>({
  name: 'pdf',
  encrypts: 'parts',
  version: '2',
  cipherModes: Object.freeze(['MICROSOFT.CBC4K', 'MICROSOFT.CBC512.NOPADDING', 'MICROSOFT.ECB'] as const),
  // The end of a PDF says where everything is.
  needsRandomAccess: true,
  mayTake,
  async examine({ head, source, name, pdf }: DocumentInput, options?: WaitOptions) {
    if (!mayTake(head, name)) return undefined;
    const { examinePdf } = await import('./protect/examine-pdf.ts');
    return examinePdf(source, pdf, options);
  },
  async read(source: ByteSource, options?: ContainerReadOptions) {
    const { readProtectedPdf } = await import('./read-protected.ts');
    return readProtectedPdf(source, options);
  },
  protect(document, _source, contents, cipher) {
    if (isExamined(document)) return document.protect(contents, cipher);
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'A PDF is protected with what examine found of it; something else was given.',
    );
  },
  protectedName: (name) => name,
  originalName: (name) => name,
});

const isExamined = (document: object): document is ExaminedPdf =>
  typeof (document as Partial<ExaminedPdf>).protect === 'function';

/** Everything about PDFs that takes more than a look at them. */
export const pdfModule = (): Promise<typeof import('./pdf.ts')> => import('./pdf.ts');
