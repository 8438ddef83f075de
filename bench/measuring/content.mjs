// Content to work on, and its hashes.
import { createCipheriv, createHash, randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const chunkLength = 4 * 1024 * 1024;
const markEvery = 4096;

/**
 * Content that neither compresses nor repeats, and can be told for any position without being kept: random bytes from a seed,
 * over and over, with the position itself written into every 4 KiB of them.
 */
export function positionedContent(seed) {
  const key = createHash('sha256').update(seed).digest();
  const chunk = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(new Uint8Array(chunkLength));
  const mark = Buffer.alloc(8);

  /** Fills `target` with what stands at `position`. */
  function fill(target, position) {
    for (let done = 0; done < target.length; ) {
      const at = (position + done) % chunkLength;
      const part = Math.min(target.length - done, chunkLength - at);
      target.set(chunk.subarray(at, at + part), done);
      done += part;
    }
    for (
      let start = position - (position % markEvery);
      start < position + target.length;
      start += markEvery
    ) {
      mark.writeBigUInt64LE(BigInt(start));
      const from = Math.max(0, position - start);
      const to = Math.min(mark.length, position + target.length - start);
      if (from < to) target.set(mark.subarray(from, to), start + from - position);
    }
    return target;
  }

  return { fill, bytesAt: (position, length) => fill(Buffer.allocUnsafe(length), position) };
}

/** Writes a file of such content. */
export function fillFile(path, bytes, seed = randomUUID()) {
  const content = positionedContent(seed);
  const chunk = Buffer.allocUnsafe(chunkLength);
  const file = openSync(path, 'wx');
  try {
    for (let written = 0; written < bytes; written += chunkLength)
      writeSync(file, content.fill(chunk, written), 0, Math.min(chunkLength, bytes - written));
  } finally {
    closeSync(file);
  }
}

/** SHA-256 of a file, or of its first `length` bytes. */
export function hashOfFile(path, length = Number.POSITIVE_INFINITY) {
  const hash = createHash('sha256');
  const chunk = new Uint8Array(chunkLength);
  const file = openSync(path, 'r');
  try {
    for (let left = length; left > 0; ) {
      const got = readSync(file, chunk, 0, Math.min(chunkLength, left), null);
      if (got === 0) break;
      hash.update(chunk.subarray(0, got));
      left -= got;
    }
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
