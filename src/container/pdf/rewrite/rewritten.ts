import type { ByteSink } from '../../../bytes/index.ts';
import type { DocumentTransferOptions, DocumentWriter } from '../../document-format.ts';
import type { PdfDocument } from '../pdf-document.ts';
import { sameUnits } from '../unit-cipher/same-units.ts';
import { keptTrailer } from './kept-trailer.ts';
import { linearizationObjects } from './linearization.ts';
import { rewritePdf } from './rewrite-pdf.ts';

/**
 * A document written again with nothing changed: an equivalent file without old versions of its objects.
 *
 * @param document one that is not encrypted
 * @param size bytes of its file, for progress
 */
export const rewritten = (document: PdfDocument, size?: number): DocumentWriter => ({
  size: undefined,
  writeTo: async (sink: ByteSink, options?: DocumentTransferOptions) =>
    rewritePdf(
      {
        document,
        size,
        units: sameUnits,
        leftOut: await linearizationObjects(document, options),
        readableObjectStreams: true,
        trailer: keptTrailer(document),
      },
      sink,
      options,
    ),
});
