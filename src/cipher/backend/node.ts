import { wipe } from '../../bytes/index.ts';
import { decryptionFailed, SealwrightError } from '../../errors.ts';
import type { AesKey, CryptoBackend } from '../crypto-backend.ts';
import { blockLength, mendSegmentStarts, xorBlocksInto } from './blocks.ts';
import { copyOfKey, isAesKeyLength, wipedKey } from './key-length.ts';
import { giveBack, giveBackWaiting } from './native-result.ts';
import { type NodeCipher, type NodeCrypto, type NodeDecipher, nodeCrypto } from './node-crypto.ts';
import { encryptLanes, fewestLanes, longestLane, mostLanes, wipeLanes } from './node-lanes.ts';

/** Bytes of one native call. From 96 KiB on Node 20 gets new pages from the system for each, at thrice the time. */
const callLength = 64 * 1024;
const tagLength = 16;
const nonceLength = 12;

/** A {@link CryptoBackend} that imports keys at once. */
interface NodeBackend extends CryptoBackend {
  importKey(key: Uint8Array): NodeAesKey;
}

/** AES by `node:crypto`; synchronous. Not supported outside Node and runtimes that offer the module. */
export const nodeBackend: NodeBackend = {
  name: 'node',
  supports: (keyLength) => isAesKeyLength(keyLength) && nodeCrypto() !== undefined,
  importKey(key) {
    const crypto = nodeCrypto();
    if (crypto) return new NodeAesKey(crypto, key);
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'The back-end "node" needs the module node:crypto, which this runtime lacks. Leave the choice to the library.',
    );
  },
};

/** Cipher objects that live as long as the key; making one costs more than encrypting a segment with it. */
interface LongLived {
  ecbEncrypt?: NodeCipher;
  ecbDecrypt?: NodeDecipher;
  cbcEncrypt?: NodeCipher;
  cbcDecrypt?: NodeDecipher;
}

/** What {@link nodeBackend} imports; every operation is done when it returns. */
export class NodeAesKey implements AesKey {
  readonly #crypto: NodeCrypto;
  readonly #key: Uint8Array;
  readonly #bits: number;
  #objects: LongLived | undefined = {};
  /** The last ciphertext block that went through the CBC objects: what they will XOR into the next. */
  readonly #encryptedLast = new Uint8Array(blockLength);
  readonly #decryptedLast = new Uint8Array(blockLength);
  /** A counter block and the IV that it gives. */
  readonly #knownCounter = new Uint8Array(blockLength);
  #knownIv: Uint8Array | undefined;
  #usedLanes = false;
  #message = new Uint8Array(0);

  constructor(crypto: NodeCrypto, key: Uint8Array) {
    this.#crypto = crypto;
    this.#key = copyOfKey(key);
    this.#bits = key.length * 8;
  }

  ecbEncrypt(input: Uint8Array, output: Uint8Array): void {
    this.#inCalls(this.#ecbEncryptor(), input, output);
  }

  ecbDecrypt(input: Uint8Array, output: Uint8Array): void {
    const objects = this.#live();
    objects.ecbDecrypt ??= this.#decipher('ecb', null);
    this.#inCalls(objects.ecbDecrypt, input, output);
  }

  cbcEncrypt(input: Uint8Array, output: Uint8Array, segmentLength: number, counters: Uint8Array): void {
    const whole = Math.floor(input.length / segmentLength);
    if (whole < fewestLanes || segmentLength > longestLane) {
      this.#chain(input, output, segmentLength, counters);
      return;
    }
    const ecb = this.#ecbEncryptor();
    const rounds = Math.ceil(whole / mostLanes);
    const lanes = Math.ceil(whole / rounds);
    this.#usedLanes = true;
    for (let done = 0; done < whole; done += lanes) {
      const end = Math.min(whole, done + lanes);
      encryptLanes(
        ecb,
        input.subarray(done * segmentLength, end * segmentLength),
        output.subarray(done * segmentLength),
        segmentLength,
        counters.subarray(done * blockLength, end * blockLength),
      );
    }
    this.#chain(
      input.subarray(whole * segmentLength),
      output.subarray(whole * segmentLength),
      segmentLength,
      counters.subarray(whole * blockLength),
    );
  }

  cbcDecrypt(input: Uint8Array, output: Uint8Array, segmentLength: number, counters: Uint8Array): void {
    const objects = this.#live();
    objects.cbcDecrypt ??= this.#decipher('cbc', new Uint8Array(blockLength));
    const before = this.#decryptedLast;
    if (input.length > 0 && input.length <= Math.min(segmentLength, callLength)) {
      const plaintext = objects.cbcDecrypt.update(input);
      xorBlocksInto(plaintext, 0, before, 0, this.#ivOf(counters), 0);
      for (let i = 0; i < blockLength; i++) before[i] = input[input.length - blockLength + i] as number;
      output.set(plaintext);
      giveBack(plaintext);
      return;
    }
    const perCall = Math.max(1, Math.floor(callLength / segmentLength));
    const ivs = this.#ecbEncryptor().update(counters);
    const step = perCall * segmentLength;
    for (let at = 0, iv = 0; at < input.length; at += step, iv += perCall * blockLength) {
      const ciphertext = input.subarray(at, at + step);
      const plaintext = objects.cbcDecrypt.update(ciphertext);
      mendSegmentStarts(plaintext, ciphertext, before, segmentLength, ivs.subarray(iv));
      before.set(ciphertext.subarray(-blockLength));
      output.set(plaintext, at);
      giveBack(plaintext);
    }
    giveBack(ivs);
  }

  gcmEncrypt(input: Uint8Array, output: Uint8Array, segmentLength: number, nonces: Uint8Array): void {
    this.#live();
    const algorithm = `aes-${this.#bits}-gcm`;
    for (let n = 0, from = 0, to = 0; n < nonces.length; n += nonceLength, from += segmentLength) {
      const nonce = nonces.subarray(n, n + nonceLength);
      const cipher = this.#crypto.createCipheriv(algorithm, this.#key, nonce);
      const ciphertext = cipher.update(input.subarray(from, from + segmentLength));
      cipher.final();
      output.set(ciphertext, to);
      output.set(cipher.getAuthTag(), to + ciphertext.length);
      to += ciphertext.length + tagLength;
      giveBack(ciphertext);
    }
  }

  gcmDecrypt(input: Uint8Array, output: Uint8Array, segmentLength: number, nonces: Uint8Array): void {
    this.#live();
    const algorithm = `aes-${this.#bits}-gcm`;
    const sealedLength = segmentLength + tagLength;
    for (let n = 0, from = 0, to = 0; n < nonces.length; n += nonceLength, from += sealedLength) {
      const sealed = input.subarray(from, from + sealedLength);
      const textLength = sealed.length - tagLength;
      const nonce = nonces.subarray(n, n + nonceLength);
      const decipher = this.#crypto.createDecipheriv(algorithm, this.#key, nonce);
      const plaintext = decipher.update(sealed.subarray(0, Math.max(0, textLength)));
      try {
        decipher.setAuthTag(sealed.subarray(textLength));
        decipher.final();
      } catch {
        wipe(plaintext, output);
        throw decryptionFailed();
      }
      output.set(plaintext, to);
      to += plaintext.length;
      giveBack(plaintext);
    }
  }

  wipe(): void {
    const objects = this.#objects ?? {};
    // Finishing frees the native key schedules, which OpenSSL then overwrites.
    for (const object of Object.values(objects) as NodeCipher[]) object.final();
    this.#objects = undefined;
    this.#knownIv = undefined;
    wipe(this.#key, this.#message);
    if (this.#usedLanes) wipeLanes();
    giveBackWaiting();
  }

  /** One CBC object for all segments: a block in front of each brings the chain to the segment's IV. */
  #chain(input: Uint8Array, output: Uint8Array, segmentLength: number, counters: Uint8Array): void {
    if (input.length === 0) return;
    const objects = this.#live();
    objects.cbcEncrypt ??= this.#cipher('cbc', new Uint8Array(blockLength));
    const last = this.#encryptedLast;
    const longest = blockLength + Math.min(segmentLength, input.length);
    if (this.#message.length < longest) this.#message = new Uint8Array(longest);
    for (let at = 0, counter = 0; at < input.length; at += segmentLength, counter += blockLength) {
      const segment = input.length <= segmentLength ? input : input.subarray(at, at + segmentLength);
      const message = this.#message.subarray(0, blockLength + segment.length);
      for (let i = 0; i < blockLength; i++)
        message[i] = (counters[counter + i] as number) ^ (last[i] as number);
      message.set(segment, blockLength);
      const ciphertext = objects.cbcEncrypt.update(message);
      for (let i = 0; i < blockLength; i++) last[i] = ciphertext[segment.length + i] as number;
      output.set(ciphertext.subarray(blockLength), at);
      giveBack(ciphertext);
    }
  }

  /** The IV of one segment. Strings of a document all have that of a first one. */
  #ivOf(counter: Uint8Array): Uint8Array {
    let same = this.#knownIv !== undefined;
    for (let i = 0; i < blockLength; i++) same &&= this.#knownCounter[i] === counter[i];
    if (this.#knownIv !== undefined && same) return this.#knownIv;
    this.#knownCounter.set(counter.subarray(0, blockLength));
    this.#knownIv = this.#ecbEncryptor().update(this.#knownCounter);
    return this.#knownIv;
  }

  #inCalls(cipher: NodeCipher | NodeDecipher, input: Uint8Array, output: Uint8Array): void {
    for (let at = 0; at < input.length; at += callLength) {
      const result = cipher.update(input.subarray(at, at + callLength));
      output.set(result, at);
      giveBack(result);
    }
  }

  #ecbEncryptor(): NodeCipher {
    const objects = this.#live();
    objects.ecbEncrypt ??= this.#cipher('ecb', null);
    return objects.ecbEncrypt;
  }

  #cipher(chaining: 'ecb' | 'cbc', iv: Uint8Array | null): NodeCipher {
    const cipher = this.#crypto.createCipheriv(`aes-${this.#bits}-${chaining}`, this.#key, iv);
    cipher.setAutoPadding(false);
    return cipher;
  }

  #decipher(chaining: 'ecb' | 'cbc', iv: Uint8Array | null): NodeDecipher {
    const decipher = this.#crypto.createDecipheriv(`aes-${this.#bits}-${chaining}`, this.#key, iv);
    decipher.setAutoPadding(false);
    return decipher;
  }

  #live(): LongLived {
    if (!this.#objects) throw wipedKey();
    return this.#objects;
  }
}
