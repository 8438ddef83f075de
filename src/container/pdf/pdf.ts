/** What reads and changes PDFs. It is much, and loaded when first asked for: see `pdfModule`. */
export { readPdfMetadata } from './metadata/document-metadata.ts';
export { nextNumber } from './next-number.ts';
export { readPdf } from './read/read-pdf.ts';
export { textString } from './text-string.ts';
export { withUpdate } from './update/append-update.ts';
export { checkCover } from './wrapper/cover/check-cover.ts';
