import { decryptionFailed, SealwrightError } from '../../errors.ts';
import type { CipherMode } from '../cipher-mode.ts';

/** Refuses a length no file can have. Throws `INVALID_ARGUMENT`. */
export function checkLength(length: number, what: string): void {
  if (Number.isSafeInteger(length) && length >= 0) return;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `The ${what} must be a whole number from 0 to 2^53-1, not ${length}.`,
  );
}

/** Refuses a plaintext that a mode without padding cannot hold. Throws `INVALID_ARGUMENT`. */
export function checkAligned(length: number, mode: string): void {
  if (length % 16 === 0) return;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `${mode} adds no padding and takes multiples of 16 bytes, not ${length} bytes. Pad the content, or use MICROSOFT.CBC4K.`,
  );
}

/** The error for content whose length the mode cannot have produced. */
export const impossibleLength = (length: number, mode: string): SealwrightError =>
  new SealwrightError(
    'MALFORMED_CONTAINER',
    `No plaintext gives ${length} bytes of ${mode} content: the file was cut or is damaged. Get a fresh copy.`,
  );

/** What an encryptor was asked to do, checked against its mode. Throws `INVALID_ARGUMENT`. */
export function checkEncryptWindow(
  input: Uint8Array,
  firstSegment: number,
  last: boolean,
  output: Uint8Array,
  written: number,
  segmentLength: number,
): void {
  checkLength(firstSegment, 'number of the first segment');
  if (!last && input.length % segmentLength !== 0)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `Only the last window may end inside a segment of ${segmentLength} bytes; this one has ${input.length} bytes.`,
    );
  checkRoom(output, written);
}

/** What a decryptor was asked to do. A window that ends inside a segment is a cut file, unless it is the last. */
export function checkDecryptWindow(
  input: Uint8Array,
  firstSegment: number,
  last: boolean,
  encryptedSegmentLength: number,
): void {
  checkLength(firstSegment, 'number of the first segment');
  if (!last && input.length % encryptedSegmentLength !== 0) throw decryptionFailed();
}

/** Refuses an output that is too short. Throws `INVALID_ARGUMENT`. */
export function checkRoom(output: Uint8Array, needed: number): void {
  if (output.length >= needed) return;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `The output has room for ${output.length} bytes and needs ${needed}. Size it with encryptedLength or plaintextLengthBounds.`,
  );
}

/** Refuses a key the mode cannot use. Throws `INVALID_ARGUMENT`. */
export function checkKeyLength(key: Uint8Array, mode: CipherMode): void {
  if (mode.keyLengths.includes(key.length)) return;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `${mode.name} takes content keys of ${mode.keyLengths.join(' or ')} bytes, not ${key.length}. Make one with generateContentKey.`,
  );
}
