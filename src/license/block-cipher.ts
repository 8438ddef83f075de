import { cipherMode } from '../cipher/index.ts';

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
  const plaintext = new Uint8Array(ciphertext.length);
  const cipher = await cipherMode('MICROSOFT.ECB').decryptor(key, new Uint8Array(0));
  try {
    await cipher.decrypt(ciphertext, 0, true, plaintext);
    return plaintext;
  } finally {
    cipher.wipe();
  }
}
