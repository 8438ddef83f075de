import type { MaybePromise } from '../bytes/index.ts';
import { type AesKey, defaultBackend } from '../cipher/index.ts';
import { decryptionFailed } from '../errors.ts';

const blockLength = 16;

/**
 * Licenses encrypt keys and rights data block by block with AES-ECB, filled up with zeros
 * (spec/licenses.md, "Encrypted rights data").
 */
export async function encryptBlocks(key: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array> {
  const filled = new Uint8Array(Math.ceil(plaintext.length / blockLength) * blockLength);
  filled.set(plaintext);
  const aes = await importKey(key);
  try {
    await aes.ecbEncrypt(filled, filled);
    return filled;
  } finally {
    aes.wipe();
  }
}

/** Undoes {@link encryptBlocks}; the zeros stay. The length must be a multiple of 16. */
export async function decryptBlocks(key: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array> {
  if (ciphertext.length % blockLength !== 0) throw decryptionFailed();
  const plaintext = new Uint8Array(ciphertext.length);
  const aes = await importKey(key);
  try {
    await aes.ecbDecrypt(ciphertext, plaintext);
    return plaintext;
  } finally {
    aes.wipe();
  }
}

/** Without the windows of a cipher mode, which cost more than the few blocks of a key. */
const importKey = (key: Uint8Array): MaybePromise<AesKey> => defaultBackend(key.length).importKey(key);
