// Content to work on, and its hashes.
import { createHash, randomFillSync } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const chunkLength = 4 * 1024 * 1024;

/** Writes a file that neither compresses nor is sparse; no two chunks are alike. */
export function fillFile(path, bytes) {
  const chunk = randomFillSync(new Uint8Array(chunkLength));
  const words = new BigUint64Array(chunk.buffer);
  const file = openSync(path, 'wx');
  try {
    for (let written = 0n; written < BigInt(bytes); written += BigInt(chunkLength)) {
      for (let n = 0; n < words.length; n += 512) words[n] = written + BigInt(n);
      writeSync(file, chunk, 0, Math.min(chunkLength, bytes - Number(written)));
    }
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
