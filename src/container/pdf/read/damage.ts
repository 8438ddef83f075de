import { SealwrightError } from '../../../errors.ts';

/** The error for a PDF that makes no sense; `problem` ends a sentence. */
export const damagedPdf = (problem: string, offset?: number): SealwrightError =>
  new SealwrightError(
    'MALFORMED_CONTAINER',
    `The PDF is damaged: ${problem}. Get a fresh copy of the file, or save it anew with a PDF application.`,
    offset === undefined ? {} : { offset },
  );

/** The error for a PDF with more of something than one of `maxima` accepts. */
export const beyondPdfLimit = (what: string, maximum: number, offset?: number): SealwrightError =>
  new SealwrightError(
    'LIMIT_EXCEEDED',
    `The PDF has too many ${what}: at most ${maximum} are accepted. Save it anew with a PDF application.`,
    offset === undefined ? {} : { offset },
  );

/** The error for a structure in a form that is not read. */
export const unsupportedPdf = (problem: string, reason: string): SealwrightError =>
  new SealwrightError('UNSUPPORTED_FORMAT', `The PDF cannot be read: ${problem}.`, { reason });

/** Whether an error says that a PDF is not what it should be, so that it may be worth to look for its objects. */
export const isDamage = (error: unknown): error is SealwrightError =>
  error instanceof SealwrightError &&
  (error.code === 'MALFORMED_CONTAINER' ||
    error.code === 'LIMIT_EXCEEDED' ||
    (error.code === 'UNSUPPORTED_FORMAT' && error.details.reason !== 'encrypted'));

/** Whether an error says that something cannot be read without the key. */
export const isEncryption = (error: unknown): boolean =>
  error instanceof SealwrightError && error.details.reason === 'encrypted';
