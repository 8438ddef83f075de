import { SealwrightError } from '../../../errors.ts';
import type { CompoundFileLayout } from '../../compound-file/new-compound-file.ts';
import type { DocumentWriter } from '../../document-format.ts';
import { piecesWriter } from '../rpmsg/index.ts';

/**
 * Writes a compound file in which one stream writes itself. Throws `LIMIT_EXCEEDED` where its bytes do not follow each
 * other, as beyond 2 GiB.
 */
export function layoutWriter({ size, pieces }: CompoundFileLayout, pending: DocumentWriter): DocumentWriter {
  const places = pieces.filter((piece) => 'pendingOffset' in piece);
  if (places.length > 1)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      'The protected message has more than 2 GB, too many for an Outlook item. Save the message as .eml, or send large files apart.',
    );
  return Object.freeze<DocumentWriter>({
    size,
    async writeTo(sink, options = {}) {
      const write = piecesWriter(sink, new Map(places.map((place) => [place, pending])), options, size);
      for (const piece of pieces) await write(piece);
      return size;
    },
  });
}
