import type { CipherMode } from '../../../cipher/index.ts';
import { SealwrightError } from '../../../errors.ts';

/** Bytes of the length that stands in front of the data in each unit. */
export const prefixLength = 4;

/** The prefix counts in 32 bits. */
const mostBytes = 0xffff_ffff;

/** Plaintext bytes of a unit of `length` bytes of data: with its prefix, filled up to what `mode` takes. */
export const unitPlaintextLength = (mode: CipherMode, length: number): number =>
  Math.ceil((prefixLength + length) / mode.alignment) * mode.alignment;

/**
 * Bytes of the encrypted unit for a string or stream of `length` bytes (spec/pdf.md, "Encryption"). Empty ones stay
 * empty.
 *
 * @throws SealwrightError `LIMIT_EXCEEDED` beyond what the prefix can count
 */
export function encryptedUnitLength(mode: CipherMode, length: number): number {
  if (length > mostBytes)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `A stream of the PDF has ${length} bytes; protected ones have at most ${mostBytes}. Split the document.`,
    );
  return length === 0 ? 0 : mode.encryptedLength(unitPlaintextLength(mode, length));
}
