import { wipe } from '../../bytes/index.ts';
import { decryptionFailed, SealwrightError } from '../../errors.ts';
import type { AesKey, CryptoBackend } from '../crypto-backend.ts';
import { blockLength, mendSegmentStarts } from './blocks.ts';
import { copyOfKey, isAesKeyLength, wipedKey } from './key-length.ts';
import { NobleAesKey } from './noble.ts';

const tagLength = 16;
const nonceLength = 12;
const zeroBlock = new Uint8Array(blockLength);

/** Whether this runtime's WebCrypto refused AES-192, as Chromium's does; learned on the first such key. */
let lacksAes192 = isChromium();

/** AES by the Web Cryptography API, for browsers and other runtimes. Asynchronous. */
export const webcryptoBackend: CryptoBackend = {
  name: 'webcrypto',
  supports: (keyLength) =>
    isAesKeyLength(keyLength) && subtle() !== undefined && !(keyLength === 24 && lacksAes192),
  async importKey(key) {
    const api = subtle();
    if (!api)
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        'The back-end "webcrypto" needs crypto.subtle, which pages served without TLS lack. Leave the choice to the library.',
      );
    const copy = bufferSource(copyOfKey(key));
    try {
      const [cbc, gcm] = await Promise.all([
        api.importKey('raw', copy, 'AES-CBC', false, ['encrypt', 'decrypt']),
        api.importKey('raw', copy, 'AES-GCM', false, ['encrypt', 'decrypt']),
      ]);
      return webcryptoKey(api, cbc, gcm, new NobleAesKey(copy));
    } catch (cause) {
      if (key.length === 24) lacksAes192 = true;
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        `This runtime's WebCrypto takes no AES key of ${key.length} bytes. Leave the choice of back-end to the library.`,
        { cause },
      );
    } finally {
      wipe(copy);
    }
  },
};

/**
 * WebCrypto has CBC and GCM over whole messages only: no ECB, no CBC without padding. What it lacks is
 * built from what it has, and from single blocks that `noble` encrypts. spec/cipher-modes.md, "Windows".
 */
function webcryptoKey(api: SubtleCrypto, cbcKey: CryptoKey, gcmKey: CryptoKey, blocks: NobleAesKey): AesKey {
  let keys: { readonly cbc: CryptoKey; readonly gcm: CryptoKey } | undefined = { cbc: cbcKey, gcm: gcmKey };
  const live = () => {
    if (!keys) throw wipedKey();
    return keys;
  };
  /** CBC decryption of whole blocks under a zero IV, without padding. */
  async function decryptChain(input: Uint8Array): Promise<Uint8Array> {
    const { cbc } = live();
    const message = new Uint8Array(input.length + blockLength);
    message.set(input);
    // A last block that decrypts to 16 bytes of padding, which WebCrypto then takes off again.
    const padding = message.subarray(input.length);
    const last = input.length === 0 ? zeroBlock : input.subarray(-blockLength);
    for (let i = 0; i < blockLength; i++) padding[i] = (last[i] as number) ^ blockLength;
    blocks.ecbEncrypt(padding, padding);
    return new Uint8Array(await api.decrypt({ name: 'AES-CBC', iv: zeroBlock }, cbc, message));
  }

  return {
    async ecbEncrypt(input, output) {
      blocks.ecbEncrypt(input, output);
    },
    async ecbDecrypt(input, output) {
      const plaintext = await decryptChain(input);
      for (let i = blockLength; i < plaintext.length; i++)
        plaintext[i] = (plaintext[i] as number) ^ (input[i - blockLength] as number);
      output.set(plaintext);
    },
    async cbcEncrypt(input, output, segmentLength, counters) {
      const { cbc } = live();
      const encrypted = [];
      for (let at = 0, counter = 0; at < input.length; at += segmentLength, counter += blockLength) {
        const segment = input.subarray(at, at + segmentLength);
        // Under a zero IV the counter block encrypts to the segment's IV, which is where the chain must start.
        const message = new Uint8Array(blockLength + segment.length);
        message.set(counters.subarray(counter, counter + blockLength));
        message.set(segment, blockLength);
        encrypted.push(api.encrypt({ name: 'AES-CBC', iv: zeroBlock }, cbc, message));
      }
      let to = 0;
      for (const result of await Promise.all(encrypted)) {
        const ciphertext = new Uint8Array(result).subarray(blockLength, result.byteLength - blockLength);
        output.set(ciphertext, to);
        to += ciphertext.length;
      }
    },
    async cbcDecrypt(input, output, segmentLength, counters) {
      const ivs = new Uint8Array(counters.length);
      blocks.ecbEncrypt(counters, ivs);
      const plaintext = await decryptChain(input);
      mendSegmentStarts(plaintext, input, zeroBlock, segmentLength, ivs);
      output.set(plaintext);
    },
    async gcmEncrypt(input, output, segmentLength, nonces) {
      const { gcm } = live();
      const sealed = [];
      for (let n = 0, from = 0; n < nonces.length; n += nonceLength, from += segmentLength) {
        const iv = bufferSource(nonces.subarray(n, n + nonceLength));
        sealed.push(
          api.encrypt({ name: 'AES-GCM', iv }, gcm, bufferSource(input.subarray(from, from + segmentLength))),
        );
      }
      let to = 0;
      for (const result of await Promise.all(sealed)) {
        output.set(new Uint8Array(result), to);
        to += result.byteLength;
      }
    },
    async gcmDecrypt(input, output, segmentLength, nonces) {
      const { gcm } = live();
      const opened = [];
      const sealedLength = segmentLength + tagLength;
      for (let n = 0, from = 0; n < nonces.length; n += nonceLength, from += sealedLength) {
        const iv = bufferSource(nonces.subarray(n, n + nonceLength));
        opened.push(
          api.decrypt({ name: 'AES-GCM', iv }, gcm, bufferSource(input.subarray(from, from + sealedLength))),
        );
      }
      let results: ArrayBuffer[];
      try {
        results = await Promise.all(opened);
      } catch {
        output.fill(0);
        throw decryptionFailed();
      }
      let to = 0;
      for (const result of results) {
        output.set(new Uint8Array(result), to);
        to += result.byteLength;
      }
    },
    wipe() {
      blocks.wipe();
      keys = undefined;
    },
  };
}

/** The type of WebCrypto's arguments excludes shared memory, which the API refuses at run time as well. */
const bufferSource = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);

const subtle = (): SubtleCrypto | undefined => (globalThis.crypto as Crypto | undefined)?.subtle;

/** Chromium documents that it leaves AES-192 out; asking would need a promise. */
function isChromium(): boolean {
  const { navigator } = globalThis as { readonly navigator?: { readonly userAgent?: string } };
  return /Chrom(?:e|ium)\//.test(navigator?.userAgent ?? '');
}
