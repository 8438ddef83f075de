import { Inflate, inflateSync } from 'fflate';
import { malformedZip } from './archive.ts';

/** Bytes handed to the inflater at once: it unpacks at most some thousand times as much, so 1 MiB. */
const windowLength = 1024;
/** Up to here one call is quicker, and has not much to unpack whatever the bytes say. */
const smallLength = 16 * 1024;

/**
 * Unpacks deflated bytes that must give exactly `size` bytes. Stops where there are more.
 *
 * @throws SealwrightError `MALFORMED_CONTAINER`
 */
export function inflateExactly(packed: Uint8Array, size: number): Uint8Array {
  let bytes: Uint8Array;
  try {
    // What does not fit is dropped; the byte too many tells that there was more.
    bytes =
      packed.length <= smallLength
        ? inflateSync(packed, { out: new Uint8Array(size + 1) })
        : inflateInWindows(packed, size);
  } catch {
    throw malformedZip('a file in it cannot be unpacked');
  }
  if (bytes.length !== size) throw malformedZip('a file in it unpacks to another size than it says');
  return bytes;
}

/** At most `size` bytes and those of one window. */
function inflateInWindows(packed: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(size);
  let length = 0;
  const inflater = new Inflate((chunk) => {
    // Throws where there is no room left.
    result.set(chunk, length);
    length += chunk.length;
  });
  for (let at = 0; at < packed.length; at += windowLength)
    inflater.push(packed.subarray(at, at + windowLength), at + windowLength >= packed.length);
  return result.subarray(0, length);
}
