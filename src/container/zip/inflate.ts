import { Inflate } from 'fflate';
import { malformedZip } from './archive.ts';

/** Bytes handed to the inflater at once: it unpacks at most some thousand times as much, so 1 MiB. */
const windowLength = 1024;

/**
 * Unpacks deflated bytes that must give exactly `size` bytes. Stops at the first window that gives more.
 *
 * @throws SealwrightError `MALFORMED_CONTAINER`
 */
export function inflateExactly(packed: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(size);
  let length = 0;
  const inflater = new Inflate((chunk) => {
    if (length + chunk.length > size) throw malformedZip('a file in it unpacks to more than it says');
    result.set(chunk, length);
    length += chunk.length;
  });
  try {
    for (let at = 0; at < packed.length; at += windowLength)
      inflater.push(packed.subarray(at, at + windowLength), at + windowLength >= packed.length);
  } catch {
    throw malformedZip('a file in it cannot be unpacked');
  }
  if (length !== size) throw malformedZip('a file in it unpacks to less than it says');
  return result;
}
