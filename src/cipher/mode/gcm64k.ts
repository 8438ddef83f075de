import { concatBytes, encodeUtf8, hkdfSha256, sha256, wipe } from '../../bytes/index.ts';
import { decryptionFailed, SealwrightError } from '../../errors.ts';
import { backendFor } from '../backend/select.ts';
import type {
  CipherMode,
  CipherModeName,
  CipherOptions,
  SegmentDecryptor,
  SegmentEncryptor,
} from '../cipher-mode.ts';
import type { AesKey } from '../crypto-backend.ts';
import { randomBytes } from '../random-bytes.ts';
import { settle, wait } from '../settle.ts';
import { checkEncryptWindow, checkKeyLength, checkLength, checkRoom, impossibleLength } from './lengths.ts';

// spec/gcm64k.md, "Parameters".
const name: CipherModeName = 'SEALWRIGHT.GCM64K';
const keyLength = 32;
const saltLength = 32;
const segmentLength = 65_536;
const tagLength = 16;
const encryptedSegmentLength = segmentLength + tagLength;
const nonceLength = 12;
const noBinding = new Uint8Array(0);
/** What the file key is for, in front of the hash of its binding. */
const purpose = concatBytes([encodeUtf8(name), Uint8Array.of(0)]);

/**
 * AES-256-GCM in segments of 64 KiB under a key made for the one content: every change, cut, reordering and
 * transplant is refused before a byte of the segment is given out. spec/gcm64k.md.
 */
export const gcm64kMode: CipherMode = Object.freeze<CipherMode>({
  name,
  authenticated: true,
  keyLengths: [keyLength],
  preambleLength: saltLength,
  segmentLength,
  encryptedSegmentLength,
  alignment: 1,
  encryptedLength(plaintextLength) {
    checkLength(plaintextLength, 'plaintext length');
    const length = saltLength + plaintextLength + segmentCount(plaintextLength) * tagLength;
    checkLength(length, 'encrypted length');
    return length;
  },
  plaintextLengthBounds(encryptedLength) {
    checkLength(encryptedLength, 'encrypted length');
    const body = encryptedLength - saltLength;
    const segments = Math.ceil(body / encryptedSegmentLength);
    const length = body - segments * tagLength;
    // Each plaintext length has one form: what does not give `encryptedLength` back was never written.
    if (length < 0 || segmentCount(length) !== segments) throw impossibleLength(encryptedLength, name);
    return { minimum: length, maximum: length };
  },
  encryptor: (key, options) =>
    settle(
      (function* () {
        const salt = (options?.randomBytes ?? randomBytes)(saltLength);
        const aes = yield* wait(importFileKey(key, salt, options));
        return gcmEncryptor(salt, aes);
      })(),
    ),
  decryptor: (key, preamble, options) =>
    settle(
      (function* () {
        if (preamble.length !== saltLength) throw decryptionFailed();
        return gcmDecryptor(yield* wait(importFileKey(key, preamble, options)));
      })(),
    ),
});

const segmentCount = (plaintextLength: number): number =>
  Math.max(1, Math.ceil(plaintextLength / segmentLength));

/** The key of this one content, bound to its surroundings. spec/gcm64k.md, "File key". */
function importFileKey(key: Uint8Array, salt: Uint8Array, options: CipherOptions | undefined) {
  checkKeyLength(key, gcm64kMode);
  const info = concatBytes([purpose, sha256(options?.binding ?? noBinding)]);
  const fileKey = hkdfSha256(key, salt, info);
  try {
    return backendFor(keyLength, options?.backend).importKey(fileKey);
  } finally {
    // A back-end has its own copy as soon as it returns, even if it returned a promise.
    wipe(fileKey);
  }
}

function gcmEncryptor(preamble: Uint8Array, aes: AesKey): SegmentEncryptor {
  return {
    preamble,
    encrypt(plaintext, firstSegment, last, output) {
      const count = windowSegments(plaintext.length, segmentLength, firstSegment, last);
      if (count === undefined)
        throw new SealwrightError(
          'INVALID_ARGUMENT',
          'An empty last window is only for empty content: hold the last segment back until the end is known.',
        );
      const written = plaintext.length + count * tagLength;
      checkEncryptWindow(plaintext, firstSegment, last, output, written, segmentLength);
      const nonces = segmentNonces(firstSegment, count, last);
      return settle(
        (function* () {
          yield* wait(aes.gcmEncrypt(plaintext, output.subarray(0, written), segmentLength, nonces));
          return written;
        })(),
      );
    },
    wipe: () => aes.wipe(),
  };
}

function gcmDecryptor(aes: AesKey): SegmentDecryptor {
  return {
    decrypt(ciphertext, firstSegment, last, output) {
      checkLength(firstSegment, 'number of the first segment');
      const { length } = ciphertext;
      if (!last && length % encryptedSegmentLength !== 0) throw decryptionFailed();
      const rest = length % encryptedSegmentLength;
      const count = Math.ceil(length / encryptedSegmentLength);
      const opened = length - count * tagLength;
      // No tag, or an empty segment where only empty content may have one.
      const emptyEnd = rest === tagLength && (count > 1 || firstSegment > 0);
      if ((last && length === 0) || (rest > 0 && rest < tagLength) || emptyEnd) throw decryptionFailed();
      checkRoom(output, opened);
      const nonces = segmentNonces(firstSegment, count, last);
      return settle(
        (function* () {
          yield* wait(aes.gcmDecrypt(ciphertext, output.subarray(0, opened), segmentLength, nonces));
          return opened;
        })(),
      );
    },
    wipe: () => aes.wipe(),
  };
}

/** Segments in a window; `undefined` for the one window that the format cannot express. */
function windowSegments(
  length: number,
  unit: number,
  firstSegment: number,
  last: boolean,
): number | undefined {
  if (!last || length > 0) return Math.ceil(length / unit);
  return firstSegment === 0 ? 1 : undefined;
}

/** Three zero bytes, the segment number in 64 bits big-endian, and 1 for the last. spec/gcm64k.md, "Nonce". */
function segmentNonces(firstSegment: number, count: number, last: boolean): Uint8Array {
  const nonces = new Uint8Array(count * nonceLength);
  const view = new DataView(nonces.buffer);
  for (let i = 0, at = 0; i < count; i++, at += nonceLength) {
    const segment = firstSegment + i;
    view.setUint32(at + 3, Math.floor(segment / 0x1_0000_0000));
    view.setUint32(at + 7, segment % 0x1_0000_0000);
  }
  if (last) nonces[nonces.length - 1] = 1;
  return nonces;
}
