import { wipe } from '../bytes/index.ts';
import { type CipherMode, cipherMode } from '../cipher/index.ts';
import type { CarriedCipher } from './content-carrier.ts';
import { type ContentTransform, decryptingTransform, encryptingTransform } from './content-transform.ts';

/** A transform made from plain data, and how to overwrite its keys. */
export interface CarriedTransform {
  readonly transform: ContentTransform;
  wipe(): void;
}

/**
 * The transform that `cipher` describes: it gives the same bytes as the one it was described after. The key is copied.
 *
 * @throws SealwrightError `UNSUPPORTED_CIPHER_MODE`, `DECRYPTION_FAILED` (a preamble that cannot be)
 */
export async function carriedTransform(cipher: CarriedCipher): Promise<CarriedTransform> {
  const mode = cipherMode(cipher.cipherMode);
  const { binding, preamble } = cipher;
  // The key may lie in memory that threads share, which not every cipher takes.
  const key = new Uint8Array(cipher.key);
  try {
    return cipher.direction === 'encrypt'
      ? await encrypting(mode, key, cipher, { binding, randomBytes: () => preamble })
      : await decrypting(mode, key, cipher);
  } finally {
    wipe(key);
  }
}

async function encrypting(
  mode: CipherMode,
  key: Uint8Array,
  { fillTo }: CarriedCipher,
  options: Parameters<CipherMode['encryptor']>[1],
): Promise<CarriedTransform> {
  const encryptor = await mode.encryptor(key, options);
  return { transform: encryptingTransform(mode, encryptor, fillTo), wipe: () => encryptor.wipe() };
}

async function decrypting(
  mode: CipherMode,
  key: Uint8Array,
  { preamble, binding, statedSize, filling }: CarriedCipher,
): Promise<CarriedTransform> {
  const decryptor = await mode.decryptor(key, preamble, { binding });
  return {
    transform: decryptingTransform(mode, decryptor, statedSize, filling),
    wipe: () => decryptor.wipe(),
  };
}
