import { cipherMode, defaultBackend } from '../cipher/index.ts';
import { decryptionFailed } from '../errors.ts';

const blockLength = 16;

/**
 * Licenses encrypt keys and rights data block by block with AES-ECB, filled up with zeros
 * (spec/licenses.md, "Encrypted rights data").
 */
export async function encryptBlocks(key: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array> {
  const filled = new Uint8Array(Math.ceil(plaintext.length / blockLength) * blockLength);
  filled.set(plaintext);
  const cipher = await cipherMode('MICROSOFT.ECB').encryptor(key);
  try {
    await cipher.encrypt(filled, 0, true, filled);
    return filled;
  } finally {
    cipher.wipe();
  }
}

/** Undoes {@link encryptBlocks}; the zeros stay. The length must be a multiple of 16. */
export async function decryptBlocks(key: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array> {
  if (ciphertext.length % blockLength !== 0) throw decryptionFailed();
  const plaintext = new Uint8Array(ciphertext.length);
  // Without the windows of a cipher mode, which cost more than the few blocks of a key.
  const imported = defaultBackend(key.length).importKey(key);
  const aes = imported instanceof Promise ? await imported : imported;
  try {
    await aes.ecbDecrypt(ciphertext, plaintext);
    return plaintext;
  } finally {
    aes.wipe();
  }
}
