import type { PdfDocument, PdfValue } from '../pdf-document.ts';

/** Keys that describe the cross-references, or what is not true any more of a document that was written again. */
const dropped: ReadonlySet<string> = new Set([
  ...['Size', 'Prev', 'XRefStm', 'Encrypt'],
  ...['Type', 'W', 'Index', 'Length', 'Filter', 'DecodeParms', 'DL', 'F', 'FFilter', 'FDecodeParms'],
  // How early writers of protected PDFs pointed to the wrapper.
  ...['Wrapper', 'WrapperOffset'],
]);

/** The keys of the trailer that stay when a document is written again. */
export const keptTrailer = ({ trailer }: PdfDocument): Map<string, PdfValue> =>
  new Map([...trailer.entries].filter(([key]) => !dropped.has(key)));
