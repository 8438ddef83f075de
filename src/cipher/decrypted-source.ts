import { type ByteSource, type MaybePromise, sliceSource, type WaitOptions, wipe } from '../bytes/index.ts';
import { decryptionFailed, SealwrightError } from '../errors.ts';
import type { CipherMode, CipherOptions, SegmentDecryptor } from './cipher-mode.ts';
import { type Steps, settle, wait } from './settle.ts';

/** Options of {@link decryptedSource}. */
export interface DecryptedSourceOptions extends CipherOptions, WaitOptions {
  /**
   * The size in bytes that the container states. Needed where a mode without padding was padded by its writer;
   * spares modes with padding a look at the end. It must fit the content's length.
   */
  readonly plaintextLength?: number | undefined;
}

/** Ciphertext read at once for a long read. */
const windowLength = 1024 * 1024;

/**
 * Random access to the plaintext of a content: reads touch only the segments they need. Under our own mode the
 * last segment is authenticated as the last before this gives a source, so that a cut file never opens.
 * spec/cipher-modes.md, "Random access".
 *
 * @param content - the encrypted bytes, preamble included, and nothing else; seekable, of known size.
 * @param mode - from `cipherMode`.
 * @param key - the content key in bytes; copied.
 * @returns the source, at once if nothing has to wait. `close` overwrites the key and leaves `content` open.
 * @throws SealwrightError `DECRYPTION_FAILED`, also from reads; `MALFORMED_CONTAINER` if the lengths cannot
 * be; `INVALID_ARGUMENT` for a stream or a wrong key length.
 * @example
 * ```ts
 * import { cipherMode, decryptedSource } from 'sealwright/cipher';
 * import { memorySource } from 'sealwright';
 * const content = Uint8Array.of(0xea, 0x21, 0xb4, 0x8f, 0x53, 0x0b, 0xe2, 0x3b, 0x6d, 0x65, 0x4d, 0xb9, 0x30, 0x2d, 0xd1, 0xff);
 * const key = Uint8Array.of(0x7b, 0xdd, 0xca, 0x3c, 0x7f, 0xf9, 0xbd, 0xc8, 0xee, 0xa7, 0xa8, 0xeb, 0x63, 0xd0, 0x1f, 0x11);
 * const plaintext = await decryptedSource(memorySource(content), cipherMode('MICROSOFT.CBC4K'), key);
 * console.log(new TextDecoder().decode(await plaintext.read(6, 4))); // Text
 * ```
 */
export function decryptedSource(
  content: ByteSource,
  mode: CipherMode,
  key: Uint8Array,
  options: DecryptedSourceOptions = {},
): MaybePromise<ByteSource> {
  return settle(open(content, mode, key, options));
}

function* open(
  content: ByteSource,
  mode: CipherMode,
  key: Uint8Array,
  options: DecryptedSourceOptions,
): Steps<ByteSource> {
  const encryptedLength = content.size;
  if (!content.seekable || encryptedLength === undefined)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'Random access needs a seekable source of known size. Use decryptStream for a stream.',
    );
  const bounds = mode.plaintextLengthBounds(encryptedLength);
  const stated = options.plaintextLength;
  if (stated !== undefined) checkStated(stated, bounds, mode);

  // Not `slice`, which gives a view of a Node Buffer.
  const copy = new Uint8Array(key);
  let decryptor: SegmentDecryptor;
  try {
    const preamble =
      mode.preambleLength === 0
        ? copy.subarray(0, 0)
        : yield* wait(content.read(0, mode.preambleLength, options));
    decryptor = yield* wait(mode.decryptor(copy, preamble, options));
  } finally {
    wipe(copy);
  }
  const segments = segmentReader(content, encryptedLength, mode, decryptor);
  try {
    const exact = bounds.minimum === bounds.maximum;
    if (!mode.authenticated && (stated !== undefined || exact))
      return plaintextSource(mode, segments, stated ?? bounds.maximum);
    const before = (segments.count - 1) * mode.segmentLength;
    const lastLength = yield* segments.load(segments.count - 1, options);
    return plaintextSource(mode, segments, before + lastLength);
  } catch (error) {
    segments.wipe();
    throw error;
  }
}

function checkStated(
  stated: number,
  bounds: { readonly minimum: number; readonly maximum: number },
  mode: CipherMode,
): void {
  const smallest = mode.alignment === 16 ? 0 : bounds.minimum;
  if (Number.isSafeInteger(stated) && stated >= smallest && stated <= bounds.maximum) return;
  throw new SealwrightError(
    'MALFORMED_CONTAINER',
    `The file states ${stated} bytes of plaintext, but its content holds ${bounds.minimum} to ${bounds.maximum}: it was cut or is damaged.`,
  );
}

type SegmentReader = ReturnType<typeof segmentReader>;

/** Reads and decrypts runs of segments; remembers the plaintext of the last one. */
function segmentReader(content: ByteSource, size: number, mode: CipherMode, decryptor: SegmentDecryptor) {
  const { encryptedSegmentLength: unit, segmentLength, preambleLength } = mode;
  const body = size - preambleLength;
  const count = Math.ceil(body / unit);
  let remembered = -1;
  let memory = new Uint8Array(0);
  let rememberedLength = 0;

  function remember(segment: number, plaintext: Uint8Array): void {
    if (memory.length < plaintext.length) memory = new Uint8Array(segmentLength);
    memory.set(plaintext);
    rememberedLength = plaintext.length;
    remembered = segment;
  }

  /** Decrypts `run` segments from `first` into `output` and gives the bytes. */
  function* decryptRun(first: number, run: number, output: Uint8Array, wait_: WaitOptions): Steps<number> {
    const length = Math.min(run * unit, body - first * unit);
    const ciphertext = yield* wait(content.read(preambleLength + first * unit, length, wait_));
    if (ciphertext.length !== length) throw decryptionFailed();
    return yield* wait(decryptor.decrypt(ciphertext, first, first + run === count, output));
  }

  return {
    count,
    decryptRun,
    remember,
    /** The plaintext of `segment` if it is the one remembered; valid until the next wait. */
    recall: (segment: number): Uint8Array | undefined =>
      segment === remembered ? memory.subarray(0, rememberedLength) : undefined,
    *load(segment: number, wait_: WaitOptions): Steps<number> {
      const plaintext = new Uint8Array(segmentLength);
      const length = yield* decryptRun(segment, 1, plaintext, wait_);
      remember(segment, plaintext.subarray(0, length));
      wipe(plaintext);
      return length;
    },
    wipe(): void {
      decryptor.wipe();
      wipe(memory);
      remembered = -1;
    },
  };
}

function plaintextSource(mode: CipherMode, segments: SegmentReader, size: number): ByteSource {
  const { segmentLength } = mode;
  const mostSegments = Math.max(1, Math.floor(windowLength / segmentLength));
  /** Scratch for runs that do not start or end with the caller's bytes; taken while in use. */
  let spare: Uint8Array | undefined;

  function* readInto(offset: number, target: Uint8Array, options: WaitOptions): Steps<number> {
    const length = Math.max(0, Math.min(target.length, size - offset));
    let done = 0;
    while (done < length) {
      options.signal?.throwIfAborted();
      const position = offset + done;
      const segment = Math.floor(position / segmentLength);
      const skip = position - segment * segmentLength;
      const known = segments.recall(segment);
      if (known) {
        const part = known.subarray(skip, skip + length - done);
        if (part.length === 0) throw decryptionFailed();
        target.set(part, done);
        done += part.length;
        continue;
      }
      done += yield* readRun(segment, skip, target.subarray(done, length), options);
    }
    return done;
  }

  /** Fills `target` from one run of segments, after skipping `skip` bytes; gives the bytes filled. */
  function* readRun(first: number, skip: number, target: Uint8Array, options: WaitOptions): Steps<number> {
    const wanted = Math.ceil((skip + target.length) / segmentLength);
    const run = Math.min(wanted, mostSegments);
    const whole = Math.floor(target.length / segmentLength);
    if (skip === 0 && whole > 0) {
      const direct = Math.min(whole, mostSegments, segments.count - 1 - first);
      if (direct > 0) return yield* segments.decryptRun(first, direct, target, options);
    }
    const room = run * segmentLength;
    const plaintext = spare && spare.length >= room ? spare : new Uint8Array(room);
    spare = undefined;
    const opened = yield* segments.decryptRun(first, run, plaintext, options);
    const lastStart = (run - 1) * segmentLength;
    segments.remember(first + run - 1, plaintext.subarray(lastStart, opened));
    const part = plaintext.subarray(skip, Math.min(opened, skip + target.length));
    if (part.length === 0) throw decryptionFailed();
    target.set(part);
    spare = plaintext;
    return part.length;
  }

  const source: ByteSource = {
    size,
    seekable: true,
    read(offset, length, options = {}) {
      checkOffset(offset);
      const target = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      return settle(
        (function* () {
          const done = yield* readInto(offset, target, options);
          return target.subarray(0, done);
        })(),
      );
    },
    readInto(offset, target, options = {}) {
      checkOffset(offset);
      return settle(readInto(offset, target, options));
    },
    slice: (offset, length) => sliceSource(source, offset, length),
    close() {
      segments.wipe();
      wipe(spare);
    },
  };
  return source;
}

function checkOffset(offset: number): void {
  if (Number.isSafeInteger(offset) && offset >= 0) return;
  throw new SealwrightError('INVALID_ARGUMENT', `An offset is a whole number from 0, not ${offset}.`);
}
