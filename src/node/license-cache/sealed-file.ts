import { concatBytes, encodeHex, encodeUtf8 } from '../../bytes/index.ts';
import { type RandomBytes, systemRandomBytes } from '../../rights/index.ts';

/** Names and encrypts the files of one folder (spec/license-cache.md, "On disk"). */
export interface FileSealer {
  /** A hash of `text` under the folder's key: 32 bytes. */
  hash(text: string): Promise<Uint8Array>;
  /** The name of the file for `text`: 32 hexadecimal digits. */
  nameFor(text: string): Promise<string>;
  seal(name: string, plaintext: Uint8Array): Promise<Uint8Array>;
  /** `undefined` for anything that was not sealed by the same key for the same name. */
  unseal(name: string, sealed: Uint8Array): Promise<Uint8Array | undefined>;
}

/** "SWKL" and the version of the format. */
const head = Uint8Array.of(0x53, 0x57, 0x4b, 0x4c, 1);
const nonceLength = 12;
const tagLength = 16;

/** Bytes by which a sealed file is longer than what is in it. */
export const sealLength = head.length + nonceLength + tagLength;

/** @param key 32 bytes; not needed any more when this has resolved */
export async function fileSealer(
  key: Uint8Array,
  randomBytes: RandomBytes = systemRandomBytes,
): Promise<FileSealer> {
  const { subtle } = globalThis.crypto;
  const root = await subtle.importKey('raw', key as Uint8Array<ArrayBuffer>, 'HKDF', false, ['deriveKey']);
  const derivation = (info: string) => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: encodeUtf8(`sealwright license cache 1: ${info}`) as Uint8Array<ArrayBuffer>,
  });
  const hashing = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  const hashKey = await subtle.deriveKey(derivation('names'), root, hashing, false, ['sign']);
  const sealing = { name: 'AES-GCM', length: 256 };
  const uses: KeyUsage[] = ['encrypt', 'decrypt'];
  const sealKey = await subtle.deriveKey(derivation('files'), root, sealing, false, uses);
  // A file that is renamed, or claims another version, does not open.
  const cipher = (name: string, nonce: Uint8Array) => ({
    name: 'AES-GCM',
    iv: nonce as Uint8Array<ArrayBuffer>,
    additionalData: concatBytes([head, encodeUtf8(name)]) as Uint8Array<ArrayBuffer>,
  });

  const hash = async (text: string): Promise<Uint8Array> =>
    new Uint8Array(await subtle.sign('HMAC', hashKey, encodeUtf8(text) as Uint8Array<ArrayBuffer>));

  return {
    hash,
    nameFor: async (text) => encodeHex((await hash(text)).subarray(0, 16)),
    async seal(name, plaintext) {
      const nonce = randomBytes(nonceLength);
      const data = plaintext as Uint8Array<ArrayBuffer>;
      const sealed = new Uint8Array(await subtle.encrypt(cipher(name, nonce), sealKey, data));
      return concatBytes([head, nonce, sealed]);
    },
    async unseal(name, sealed) {
      if (sealed.length < sealLength || head.some((byte, at) => sealed[at] !== byte)) return undefined;
      const nonce = sealed.subarray(head.length, head.length + nonceLength);
      const data = sealed.subarray(head.length + nonceLength) as Uint8Array<ArrayBuffer>;
      try {
        return new Uint8Array(await subtle.decrypt(cipher(name, nonce), sealKey, data));
      } catch {
        return undefined;
      }
    },
  };
}
