import { Unzlib } from 'fflate';
import type { ByteSource, WaitOptions } from '../../../bytes/index.ts';
import { beyondPdfLimit, damagedPdf } from './damage.ts';

/** Bytes read at once. */
const readLength = 64 * 1024;
/** Bytes handed to the inflater at once: it unpacks at most some thousand times as much. */
const stepLength = 1024;

/**
 * Unpacks what the zlib data of `source` hold.
 *
 * @param limit bytes it may unpack to
 * @param enough bytes after which no more is unpacked
 * @param spend told how many bytes were unpacked, as they come
 * @throws SealwrightError `LIMIT_EXCEEDED`, `MALFORMED_CONTAINER`
 */
export async function inflate(
  source: ByteSource,
  limit: number,
  enough: number,
  options?: WaitOptions,
  spend?: (bytes: number) => void,
): Promise<Uint8Array> {
  let result = new Uint8Array(Math.min(limit, Math.max(1024, 4 * (source.size ?? 0))));
  let length = 0;
  let ended = false;
  const inflater = new Unzlib((chunk, final) => {
    spend?.(chunk.length);
    if (length + chunk.length > limit) throw beyondPdfLimit('unpacked bytes in a stream', limit);
    if (length + chunk.length > result.length) {
      const larger = new Uint8Array(Math.min(limit, Math.max(2 * result.length, length + chunk.length)));
      larger.set(result.subarray(0, length));
      result = larger;
    }
    result.set(chunk, length);
    length += chunk.length;
    ended = final;
  });
  const size = source.size ?? 0;
  try {
    for (let at = 0; at < size && length < enough && !ended; ) {
      const bytes = await source.read(at, readLength, options);
      if (bytes.length === 0) break;
      for (let i = 0; i < bytes.length && length < enough && !ended; i += stepLength) {
        const step = bytes.subarray(i, i + stepLength);
        inflater.push(step, at + i + step.length >= size);
      }
      at += bytes.length;
    }
  } catch (error) {
    // The library throws errors with a number as their code.
    if (typeof (error as { code?: unknown }).code !== 'number') throw error;
    throw damagedPdf('a compressed stream of its structure cannot be unpacked');
  }
  return result.subarray(0, length);
}
