import { type ByteSource, memorySource, type WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { CompoundFile } from '../compound-file/compound-file.ts';
import { type ReadCompoundFileOptions, readCompoundFile } from '../compound-file/read.ts';
import { isCompoundFile } from '../compound-file/signature.ts';
import type { ContainerName } from '../container-format.ts';
import { mailFormat } from '../mail/format.ts';
import { officeFormat } from '../office/format.ts';
import { pdfFormat } from '../pdf/format.ts';
import type { PdfDocument } from '../pdf/pdf-document.ts';
import { pfileFormat } from '../pfile/format.ts';
import type { AnyFormat } from '../registry.ts';
import { findBytes } from './find-bytes.ts';
import { isMimeMessage, isProtectedMime, isProtectedOutlookItem, isRpmsg } from './mail.ts';
import { officeProtection } from './office.ts';
import type { PdfProtection } from './search-pdf.ts';

/**
 * What an input is, as far as protection goes. `plain` is everything without protection that we recognise,
 * damaged files included, except compound files that cannot be read: those may have been protected.
 */
export type RecognisedInput =
  | ContainerName
  | PdfProtection
  | 'office-password'
  | 'damaged-compound-file'
  | 'plain';

/** What {@link recognise} found. */
export interface Recognition {
  readonly kind: RecognisedInput;
  /** The format to read the input with, if it is protected in one of ours. */
  readonly format: AnyFormat | undefined;
  /** The directory, where the input is a compound file; saves reading it again. */
  readonly compoundFile: CompoundFile | undefined;
  /** The document, where the input is a PDF that can be read; saves reading it again. */
  readonly pdf: PdfDocument | undefined;
}

/**
 * Tells what an input is, so that a message can say why it cannot be protected or opened. Reads a bounded
 * part of the input, and of a stream nothing but `head`, which must then hold what is to be recognised.
 * What a damaged file says never throws.
 *
 * @param head the first bytes of the input, `detectionBytes` of them or the whole of it
 * @param source the whole input, for what lies deeper in Office files, PDFs and messages
 *
 * @example
 * ```ts
 * (await recognise(new TextEncoder().encode('hello'))).kind; // 'plain'
 * ```
 */
export async function recognise(
  head: Uint8Array,
  source?: ByteSource,
  options?: WaitOptions,
): Promise<Recognition> {
  if (pfileFormat.detect(head)) return found('pfile', pfileFormat);
  if (isRpmsg(head)) return found('mail', mailFormat);
  const readable = source?.seekable ? source : memorySource(head);
  if (isCompoundFile(head))
    return recogniseCompoundFile(readable, { ...options, head }, source?.seekable === true);
  // A header of one field is enough where it says that the message is protected.
  if (isMimeMessage(head, 1) && (await isProtectedMime(readable, options))) return found('mail', mailFormat);
  return isPdf(head) ? recognisePdf(readable, options, source?.seekable === true) : found('plain');
}

/** @param whole false if only the head of the file is there, which nobody wants to go on with */
async function recognisePdf(
  source: ByteSource,
  options: WaitOptions | undefined,
  whole: boolean,
): Promise<Recognition> {
  const { recognisedPdf } = await import('./pdf.ts');
  const { protection: kind = 'plain', document } = await recognisedPdf(source, options);
  return found(kind, kind === 'pdf' ? pdfFormat : undefined, { pdf: whole ? document : undefined });
}

/** @param whole false if only the head of the file is there, so that nothing can be said of damage */
async function recogniseCompoundFile(
  source: ByteSource,
  options: ReadCompoundFileOptions,
  whole: boolean,
): Promise<Recognition> {
  let file: CompoundFile;
  try {
    file = await readCompoundFile(source, options);
  } catch (error) {
    if (!(error instanceof SealwrightError)) throw error;
    return found(whole ? 'damaged-compound-file' : 'plain');
  }
  if (await isProtectedOutlookItem(file, options)) return found('mail', mailFormat, { compoundFile: file });
  const kind = (await officeProtection(file, options)) ?? 'plain';
  return found(kind, kind === 'office' ? officeFormat : undefined, { compoundFile: file });
}

const found = (
  kind: RecognisedInput,
  format?: AnyFormat,
  { compoundFile, pdf }: Partial<Pick<Recognition, 'compoundFile' | 'pdf'>> = {},
): Recognition => ({ kind, format, compoundFile, pdf });

/** Readers accept the signature within the first 1024 bytes, ISO 32000-1 annex H. */
const isPdf = (head: Uint8Array): boolean => findBytes(head.subarray(0, 1024), '%PDF-') >= 0;
