import type { ContainerFormat } from './container-format.ts';
import type { DocumentFormat } from './document-format.ts';
import { mailFormat } from './mail/format.ts';
import { officeFormat } from './office/format.ts';
import { pdfFormat } from './pdf/format.ts';
import { pfileFormat } from './pfile/format.ts';

/** Any way of carrying a license in a file; `encrypts` tells which. */
export type AnyFormat = ContainerFormat | DocumentFormat;

/** Every format, in the order in which they are offered a document: PFILE takes what no other takes. */
export const containerFormats: readonly AnyFormat[] = Object.freeze([
  officeFormat,
  pdfFormat,
  mailFormat,
  pfileFormat,
]);
