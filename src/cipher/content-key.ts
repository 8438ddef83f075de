import { SealwrightError } from '../errors.ts';
import { randomBytes } from './random-bytes.ts';

/**
 * Makes a fresh content key: the raw AES key of one document. Never use one key for two documents under
 * Microsoft's modes, whose IVs repeat. spec/cipher-modes.md, "Key".
 *
 * @param bits - 256 unless an old reader needs 128 or 192; our own mode takes 256 only.
 * @param random - source of random bytes; only vectors pass their own.
 * @returns the key; overwrite it with zeros when it has served.
 * @throws SealwrightError `INVALID_ARGUMENT` for any other size.
 * @example
 * ```ts
 * import { generateContentKey } from 'sealwright/cipher';
 * const key = generateContentKey();
 * console.log(key.length); // 32
 * ```
 */
export function generateContentKey(
  bits: 128 | 192 | 256 = 256,
  random: (length: number) => Uint8Array = randomBytes,
): Uint8Array {
  if (bits === 128 || bits === 192 || bits === 256) return random(bits / 8);
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `A content key has 128, 192 or 256 bits, not ${String(bits)}.`,
  );
}
