import { SealwrightError } from '../errors.ts';
import type { ByteSink } from './byte-source.ts';
import { concatBytes } from './writer.ts';

/**
 * What `write` writes to a sink, in memory.
 *
 * @param maximum bytes that are kept at most
 * @param tooLarge the sentence of the `LIMIT_EXCEEDED` that more than that throws
 */
export async function writtenBytes(
  write: (sink: ByteSink) => Promise<unknown>,
  maximum = Number.POSITIVE_INFINITY,
  tooLarge = `The document has more than ${maximum} bytes, too many for random access, for which it is kept in memory. Use stream or writeTo.`,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  await write({
    write(bytes) {
      length += bytes.length;
      if (length > maximum) throw new SealwrightError('LIMIT_EXCEEDED', tooLarge);
      pieces.push(new Uint8Array(bytes));
    },
  });
  return concatBytes(pieces);
}
