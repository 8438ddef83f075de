import { SealwrightError } from '../../errors.ts';

/** The lengths AES keys come in, in bytes. */
export const aesKeyLengths: readonly number[] = Object.freeze([16, 24, 32]);

/** Whether AES has keys of `bytes` bytes. */
export const isAesKeyLength = (bytes: number): boolean => aesKeyLengths.includes(bytes);

/** A copy of `key`; throws `INVALID_ARGUMENT` if AES has no keys of that length. */
export function copyOfKey(key: Uint8Array): Uint8Array {
  // Not `slice`: on a Node Buffer that is a view, and wiping it would wipe the caller's key.
  if (isAesKeyLength(key.length)) return new Uint8Array(key);
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `An AES key has 16, 24 or 32 bytes; this one has ${key.length}. Take the content key from the license as it is.`,
  );
}

/** The error for using a key that was wiped. */
export const wipedKey = (): SealwrightError =>
  new SealwrightError('INVALID_ARGUMENT', 'This key was wiped and cannot be used again. Import it anew.');
