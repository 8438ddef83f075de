import { type MaybePromise, wipe } from '../../bytes/index.ts';
import { decryptionFailed } from '../../errors.ts';
import { aesKeyLengths } from '../backend/key-length.ts';
import { backendFor } from '../backend/select.ts';
import type { CipherMode, CipherModeName, SegmentDecryptor, SegmentEncryptor } from '../cipher-mode.ts';
import type { AesKey } from '../crypto-backend.ts';
import { type Steps, settle, wait } from '../settle.ts';
import { counterBlocks } from './counter-blocks.ts';
import {
  checkAligned,
  checkDecryptWindow,
  checkEncryptWindow,
  checkLength,
  checkRoom,
  impossibleLength,
} from './lengths.ts';
import { paddingLength } from './padding.ts';

const blockLength = 16;
/** Bytes handed to a back-end at once, so that its scratch memory has a bound. */
const mostAtOnce = 4 * 1024 * 1024;
const nothing = new Uint8Array(0);

interface CbcShape {
  readonly name: CipherModeName;
  readonly segmentLength: number;
  /** What the segment number is multiplied with in the counter block. */
  readonly counterUnit: number;
  readonly padded: boolean;
}

/** CBC in independent segments, each under an IV made from its number. spec/cipher-modes.md. */
export function cbcMode(shape: CbcShape): CipherMode {
  const { name, segmentLength, padded } = shape;
  return Object.freeze<CipherMode>({
    name,
    authenticated: false,
    keyLengths: aesKeyLengths,
    preambleLength: 0,
    segmentLength,
    encryptedSegmentLength: segmentLength,
    alignment: padded ? 1 : blockLength,
    encryptedLength(plaintextLength) {
      checkLength(plaintextLength, 'plaintext length');
      if (padded) return plaintextLength - (plaintextLength % blockLength) + blockLength;
      checkAligned(plaintextLength, name);
      return plaintextLength;
    },
    plaintextLengthBounds(encryptedLength) {
      checkLength(encryptedLength, 'encrypted length');
      if (encryptedLength % blockLength !== 0 || (padded && encryptedLength === 0))
        throw impossibleLength(encryptedLength, name);
      if (!padded) return { minimum: encryptedLength, maximum: encryptedLength };
      return { minimum: encryptedLength - blockLength, maximum: encryptedLength - 1 };
    },
    encryptor: (key, options) =>
      settle(
        (function* () {
          return cbcEncryptor(shape, yield* wait(backendFor(key.length, options?.backend).importKey(key)));
        })(),
      ),
    decryptor: (key, _preamble, options) =>
      settle(
        (function* () {
          return cbcDecryptor(shape, yield* wait(backendFor(key.length, options?.backend).importKey(key)));
        })(),
      ),
  });
}

function cbcEncryptor(shape: CbcShape, key: AesKey): SegmentEncryptor {
  const { name, segmentLength, padded } = shape;
  const bulk = bulkOf(shape, key, 'cbcEncrypt');
  return {
    preamble: nothing,
    encrypt(plaintext, firstSegment, last, output) {
      const pads = last && padded;
      if (last && !padded) checkAligned(plaintext.length, name);
      const length = plaintext.length;
      const written = pads ? length - (length % blockLength) + blockLength : length;
      checkEncryptWindow(plaintext, firstSegment, last, output, written, segmentLength);
      if (written > 0 && written <= segmentLength) {
        let blocks = plaintext;
        if (pads) {
          blocks = output.subarray(0, written);
          blocks.set(plaintext);
          blocks.fill(written - length, length);
        }
        return oneSegment(shape, key, 'cbcEncrypt', blocks, output, firstSegment);
      }
      if (!pads) return settle(bulk(plaintext, output, firstSegment, written));

      // The end is padded where it will stand; everything before it goes straight from input to output.
      const whole = length - (length % segmentLength);
      const tail = output.subarray(whole, written);
      return settle(
        (function* () {
          yield* bulk(plaintext.subarray(0, whole), output, firstSegment, written);
          tail.set(plaintext.subarray(whole));
          tail.fill(written - length, length - whole);
          return yield* bulk(tail, tail, firstSegment + whole / segmentLength, written);
        })(),
      );
    },
    wipe: () => key.wipe(),
  };
}

function cbcDecryptor(shape: CbcShape, key: AesKey): SegmentDecryptor {
  const { segmentLength, padded } = shape;
  const bulk = bulkOf(shape, key, 'cbcDecrypt');
  return {
    decrypt(ciphertext, firstSegment, last, output) {
      checkDecryptWindow(ciphertext, firstSegment, last, segmentLength);
      const length = ciphertext.length;
      if (length % blockLength !== 0) throw decryptionFailed();
      if (!last || !padded) {
        checkRoom(output, length);
        if (length > 0 && length <= segmentLength)
          return oneSegment(shape, key, 'cbcDecrypt', ciphertext, output, firstSegment);
        return settle(bulk(ciphertext, output, firstSegment, length));
      }
      if (length === 0) throw decryptionFailed();

      // The last segment is decrypted aside: its padding is not the caller's.
      const whole = Math.floor((length - 1) / segmentLength) * segmentLength;
      checkRoom(output, whole);
      const segment = new Uint8Array(length - whole);
      return settle(
        (function* () {
          yield* bulk(ciphertext.subarray(whole), segment, firstSegment + whole / segmentLength, length);
          const padding = paddingLength(segment.subarray(-blockLength));
          if (padding === 0) {
            wipe(segment);
            throw decryptionFailed();
          }
          checkRoom(output, length - padding);
          yield* bulk(ciphertext.subarray(0, whole), output, firstSegment, length);
          output.set(segment.subarray(0, segment.length - padding), whole);
          wipe(segment);
          return length - padding;
        })(),
      );
    },
    wipe: () => key.wipe(),
  };
}

/** The counter block of a content's first segment; nobody writes to it. */
const firstCounter = new Uint8Array(blockLength);

/** Runs a back-end's CBC over a segment, or a part of one, as the strings of a document are: all there is to do is that. */
function oneSegment(
  { segmentLength, counterUnit }: CbcShape,
  key: AesKey,
  operation: 'cbcEncrypt' | 'cbcDecrypt',
  input: Uint8Array,
  output: Uint8Array,
  segment: number,
): MaybePromise<number> {
  const counter =
    segment === 0 ? firstCounter : counterBlocks(new Uint8Array(blockLength), segment, 1, counterUnit);
  const { length } = input;
  const done = key[operation](input, output, segmentLength, counter);
  return done instanceof Promise ? done.then(() => length) : length;
}

/** Runs a back-end's CBC over a window of any size in bounded pieces; gives `result` when done. */
function bulkOf(shape: CbcShape, key: AesKey, operation: 'cbcEncrypt' | 'cbcDecrypt') {
  const { segmentLength, counterUnit } = shape;
  let counters = nothing;
  return function* bulk(
    input: Uint8Array,
    output: Uint8Array,
    firstSegment: number,
    result: number,
  ): Steps<number> {
    const segments = Math.ceil(input.length / segmentLength);
    const pieces = Math.ceil(input.length / mostAtOnce);
    const perPiece = Math.ceil(segments / Math.max(1, pieces));
    if (counters.length < perPiece * blockLength) counters = new Uint8Array(perPiece * blockLength);
    for (let done = 0; done < segments; done += perPiece) {
      const count = Math.min(perPiece, segments - done);
      const from = done * segmentLength;
      const to = from + count * segmentLength;
      const blocks = counterBlocks(counters, firstSegment + done, count, counterUnit);
      yield* wait(key[operation](input.subarray(from, to), output.subarray(from, to), segmentLength, blocks));
    }
    return result;
  };
}
