import { concatBytes, type WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { DocumentWriter } from '../document-format.ts';

/** All that is written, in memory. Throws `LIMIT_EXCEEDED` with that sentence for more than `maximum` bytes. */
export async function writtenBytes(
  writer: DocumentWriter,
  maximum: number,
  tooLarge: string,
  options?: WaitOptions,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  await writer.writeTo(
    {
      write(bytes) {
        length += bytes.length;
        if (length > maximum) throw new SealwrightError('LIMIT_EXCEEDED', tooLarge);
        pieces.push(new Uint8Array(bytes));
      },
    },
    { signal: options?.signal },
  );
  return concatBytes(pieces);
}
