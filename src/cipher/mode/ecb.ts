import { decryptionFailed } from '../../errors.ts';
import { aesKeyLengths } from '../backend/key-length.ts';
import { backendFor } from '../backend/select.ts';
import type { CipherMode, CipherModeName } from '../cipher-mode.ts';
import { settle, wait } from '../settle.ts';
import {
  checkAligned,
  checkDecryptWindow,
  checkEncryptWindow,
  checkLength,
  checkRoom,
  impossibleLength,
} from './lengths.ts';

const name: CipherModeName = 'MICROSOFT.ECB';
/** ECB has no segments of its own; this is only how much random access decrypts at least. */
const segmentLength = 4096;

/** Each block of 16 bytes by itself: equal blocks stay equal to see. spec/cipher-modes.md. */
export const ecbMode: CipherMode = Object.freeze<CipherMode>({
  name,
  authenticated: false,
  keyLengths: aesKeyLengths,
  preambleLength: 0,
  segmentLength,
  encryptedSegmentLength: segmentLength,
  alignment: 16,
  encryptedLength(plaintextLength) {
    checkLength(plaintextLength, 'plaintext length');
    checkAligned(plaintextLength, name);
    return plaintextLength;
  },
  plaintextLengthBounds(encryptedLength) {
    checkLength(encryptedLength, 'encrypted length');
    if (encryptedLength % 16 !== 0) throw impossibleLength(encryptedLength, name);
    return { minimum: encryptedLength, maximum: encryptedLength };
  },
  encryptor: (key, options) =>
    settle(
      (function* () {
        const aes = yield* wait(backendFor(key.length, options?.backend).importKey(key));
        return {
          preamble: new Uint8Array(0),
          encrypt(plaintext: Uint8Array, firstSegment: number, last: boolean, output: Uint8Array) {
            const { length } = plaintext;
            if (last) checkAligned(length, name);
            checkEncryptWindow(plaintext, firstSegment, last, output, length, segmentLength);
            return settle(
              (function* () {
                yield* wait(aes.ecbEncrypt(plaintext, output));
                return length;
              })(),
            );
          },
          wipe: () => aes.wipe(),
        };
      })(),
    ),
  decryptor: (key, _preamble, options) =>
    settle(
      (function* () {
        const aes = yield* wait(backendFor(key.length, options?.backend).importKey(key));
        return {
          decrypt(ciphertext: Uint8Array, firstSegment: number, last: boolean, output: Uint8Array) {
            const { length } = ciphertext;
            checkDecryptWindow(ciphertext, firstSegment, last, segmentLength);
            if (length % 16 !== 0) throw decryptionFailed();
            checkRoom(output, length);
            return settle(
              (function* () {
                yield* wait(aes.ecbDecrypt(ciphertext, output));
                return length;
              })(),
            );
          },
          wipe: () => aes.wipe(),
        };
      })(),
    ),
});
