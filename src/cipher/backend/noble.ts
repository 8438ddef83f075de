import { cbc, ecb, gcm } from '@noble/ciphers/aes.js';
import { wipe } from '../../bytes/index.ts';
import { decryptionFailed } from '../../errors.ts';
import type { AesKey, CryptoBackend } from '../crypto-backend.ts';
import { blockLength } from './blocks.ts';
import { copyOfKey, isAesKeyLength, wipedKey } from './key-length.ts';

const unpadded = { disablePadding: true };
const tagLength = 16;
const nonceLength = 12;

/** A {@link CryptoBackend} that imports keys at once. */
interface NobleBackend extends CryptoBackend {
  importKey(key: Uint8Array): NobleAesKey;
}

/** AES in plain JavaScript: works everywhere, for every key length, and never makes a promise. Slow. */
export const nobleBackend: NobleBackend = {
  name: 'noble',
  supports: isAesKeyLength,
  importKey: (key) => new NobleAesKey(key),
};

/** What {@link nobleBackend} imports; every operation is done when it returns. */
export class NobleAesKey implements AesKey {
  readonly #key: Uint8Array;
  #wiped = false;

  constructor(key: Uint8Array) {
    this.#key = copyOfKey(key);
  }

  ecbEncrypt(input: Uint8Array, output: Uint8Array): void {
    output.set(ecb(this.#usable(), unpadded).encrypt(input));
  }

  ecbDecrypt(input: Uint8Array, output: Uint8Array): void {
    output.set(ecb(this.#usable(), unpadded).decrypt(input));
  }

  cbcEncrypt(input: Uint8Array, output: Uint8Array, segmentLength: number, counters: Uint8Array): void {
    const ivs = this.#ivs(counters);
    for (let at = 0, iv = 0; at < input.length; at += segmentLength, iv += blockLength) {
      const cipher = cbc(this.#key, ivs.subarray(iv, iv + blockLength), unpadded);
      output.set(cipher.encrypt(input.subarray(at, at + segmentLength)), at);
    }
  }

  cbcDecrypt(input: Uint8Array, output: Uint8Array, segmentLength: number, counters: Uint8Array): void {
    const ivs = this.#ivs(counters);
    for (let at = 0, iv = 0; at < input.length; at += segmentLength, iv += blockLength) {
      const cipher = cbc(this.#key, ivs.subarray(iv, iv + blockLength), unpadded);
      output.set(cipher.decrypt(input.subarray(at, at + segmentLength)), at);
    }
  }

  gcmEncrypt(input: Uint8Array, output: Uint8Array, segmentLength: number, nonces: Uint8Array): void {
    const key = this.#usable();
    for (let n = 0, from = 0, to = 0; n < nonces.length; n += nonceLength, from += segmentLength) {
      const sealed = gcm(key, nonces.subarray(n, n + nonceLength)).encrypt(
        input.subarray(from, from + segmentLength),
      );
      output.set(sealed, to);
      to += sealed.length;
    }
  }

  gcmDecrypt(input: Uint8Array, output: Uint8Array, segmentLength: number, nonces: Uint8Array): void {
    const key = this.#usable();
    const sealedLength = segmentLength + tagLength;
    for (let n = 0, from = 0, to = 0; n < nonces.length; n += nonceLength, from += sealedLength) {
      try {
        const opened = gcm(key, nonces.subarray(n, n + nonceLength)).decrypt(
          input.subarray(from, from + sealedLength),
        );
        output.set(opened, to);
        to += opened.length;
      } catch {
        output.fill(0);
        throw decryptionFailed();
      }
    }
  }

  wipe(): void {
    wipe(this.#key);
    this.#wiped = true;
  }

  #ivs(counters: Uint8Array): Uint8Array {
    return ecb(this.#usable(), unpadded).encrypt(counters);
  }

  #usable(): Uint8Array {
    if (this.#wiped) throw wipedKey();
    return this.#key;
  }
}
