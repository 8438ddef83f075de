import type { MaybePromise } from '../bytes/index.ts';
import type { CipherMode, SegmentDecryptor, SegmentEncryptor } from '../cipher/index.ts';
import { decryptionFailed, SealwrightError } from '../errors.ts';
import { slack, type Window } from './window-reader.ts';

/** Turns windows of one content into windows of its counterpart. */
export interface ContentTransform {
  /** Input bytes of a segment; windows are whole numbers of it. */
  readonly segmentLength: number;
  /** Output bytes of a whole segment. */
  readonly outputSegmentLength: number;
  /** Bytes that the output of a window may need. */
  outputCapacity(window: Window): number;
  /** Whether a large window makes it faster. */
  readonly chained: boolean;
  /** Whether a window may be overwritten by its own output. */
  readonly inPlace: boolean;
  apply(window: Window, output: Uint8Array): MaybePromise<number>;
}

/**
 * Encrypts windows. In the modes without padding the end is filled with zeros to a multiple of `fillTo`
 * bytes; the container's size field undoes that (spec/pfile.md, "Original size").
 */
export function encryptingTransform(
  mode: CipherMode,
  encryptor: SegmentEncryptor,
  fillTo: number = mode.alignment,
): ContentTransform {
  return {
    segmentLength: mode.segmentLength,
    outputSegmentLength: mode.encryptedSegmentLength,
    chained: mode.name.startsWith('MICROSOFT.CBC'),
    inPlace: mode.segmentLength === mode.encryptedSegmentLength,
    outputCapacity: ({ bytes }) =>
      capacity(filledLength(bytes.length, fillTo), mode.segmentLength, mode.encryptedSegmentLength),
    apply({ bytes, buffer, offset, last }, output) {
      if (last) refuseUnpaddable(mode, offset + bytes.length);
      const fill = last ? filledLength(bytes.length, fillTo) - bytes.length : 0;
      const plaintext = fill === 0 ? bytes : filled(bytes, buffer, fill);
      return encryptor.encrypt(plaintext, offset / mode.segmentLength, last, output);
    },
  };
}

function filled(bytes: Uint8Array, buffer: Uint8Array | undefined, fill: number): Uint8Array {
  const length = bytes.length + fill;
  if (buffer !== undefined && buffer.length >= length) {
    buffer.fill(0, bytes.length, length);
    return buffer.subarray(0, length);
  }
  const copy = new Uint8Array(length);
  copy.set(bytes);
  return copy;
}

/** `length` rounded up to a multiple of `unit`. */
export const filledLength = (length: number, unit: number): number => Math.ceil(length / unit) * unit;

/**
 * Decrypts windows and holds the plaintext against the size that the container states: an end that does
 * not agree is refused before the window with it is given away. Up to `filling` bytes behind it are dropped.
 * Windows may come in any order: only the last segment of a content is shorter than the others.
 */
export function decryptingTransform(
  mode: CipherMode,
  decryptor: SegmentDecryptor,
  statedSize: number | undefined,
  filling = 0,
): ContentTransform {
  const most = largestFilling(mode, filling);
  const settle = (count: number, { offset, last }: Window): number => {
    const before = (offset / mode.encryptedSegmentLength) * mode.segmentLength;
    const done = before + count;
    if (statedSize === undefined) return count;
    if (done - statedSize > most || (last && done < statedSize)) throw decryptionFailed();
    return Math.max(0, Math.min(count, statedSize - before));
  };
  return {
    segmentLength: mode.encryptedSegmentLength,
    outputSegmentLength: mode.segmentLength,
    chained: false,
    inPlace: mode.segmentLength === mode.encryptedSegmentLength,
    outputCapacity: ({ bytes }) => bytes.length,
    apply(window, output) {
      const { bytes, offset, last } = window;
      const count = decryptor.decrypt(bytes, offset / mode.encryptedSegmentLength, last, output);
      return count instanceof Promise ? count.then((done) => settle(done, window)) : settle(count, window);
    },
  };
}

/**
 * How many bytes may stand behind the stated size: without padding, that size is the only way to undo the
 * filling of the last block, or of what the container makes of it.
 */
export const largestFilling = (mode: CipherMode, filling: number): number =>
  mode.authenticated || mode.alignment === 1 ? 0 : Math.max(mode.alignment - 1, filling);

const capacity = (length: number, segment: number, encryptedSegment: number): number =>
  Math.ceil(length / segment) * (encryptedSegment - segment) + length + slack;

/**
 * Refuses what a mode without padding cannot carry: nothing at all, which would look like a file that was
 * cut, and content whose size is not known when it has to be written.
 */
export function refuseUnpaddable(mode: CipherMode, size: number | undefined): void {
  if (mode.alignment === 1 || (size ?? 0) > 0) return;
  throw size === undefined ? sizeNeeded(mode) : nothingToCarry(mode);
}

const nothingToCarry = (mode: CipherMode): SealwrightError =>
  new SealwrightError(
    'INVALID_ARGUMENT',
    `The cipher mode ${mode.name} has no padding and cannot carry an empty content. Choose MICROSOFT.CBC4K.`,
  );

/** The error for a mode that needs the size first, where neither the input nor the output can help. */
function sizeNeeded(mode: CipherMode): SealwrightError {
  return new SealwrightError(
    'INVALID_ARGUMENT',
    `The cipher mode ${mode.name} has no padding, so the size must be known: pass bytes, a Blob or a file, or choose MICROSOFT.CBC4K.`,
  );
}
