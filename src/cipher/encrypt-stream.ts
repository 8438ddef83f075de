import type { CipherMode, CipherOptions, SegmentEncryptor } from './cipher-mode.ts';
import { type Steps, settle, wait } from './settle.ts';
import { checkChunk, checkWindowLength, windows } from './windows.ts';

/** Options of {@link encryptStream} and `decryptStream`. */
export interface CipherStreamOptions extends CipherOptions {
  /** Bytes gathered before the cipher is called, 1 MiB by default; rounded down to whole segments. */
  readonly windowLength?: number | undefined;
}

/** Room a window may need beyond its segments: a block of padding, or the tag of an empty segment. */
const mostAtEnd = 16;

/**
 * A transform from plaintext to content, preamble included, for chunks of any size. Memory is bounded by
 * the window and the largest chunk. spec/cipher-modes.md, "Streams".
 *
 * @param mode - from `cipherMode`.
 * @param key - the content key in bytes; copied before this returns, overwritten when the stream ends.
 * @returns the transform; it fails with `INVALID_ARGUMENT` if a mode without padding gets an unaligned length.
 * @throws SealwrightError `INVALID_ARGUMENT` for a key the mode cannot use.
 * @example
 * ```ts
 * import { cipherMode, encryptStream, generateContentKey } from 'sealwright/cipher';
 * const mode = cipherMode('SEALWRIGHT.GCM64K');
 * const content = new Blob(['Hello']).stream().pipeThrough(encryptStream(mode, generateContentKey()));
 * console.log((await new Response(content).bytes()).length); // 53
 * ```
 */
export function encryptStream(
  mode: CipherMode,
  key: Uint8Array,
  options: CipherStreamOptions = {},
): TransformStream<Uint8Array, Uint8Array> {
  const windowLength = checkWindowLength(options.windowLength);
  const making = mode.encryptor(key, options);
  let encryptor: SegmentEncryptor;
  let controller: TransformStreamDefaultController<Uint8Array>;
  const overhead = mode.encryptedSegmentLength - mode.segmentLength;

  const pending = windows(mode.segmentLength, windowLength, (head, body, firstSegment, last) =>
    settle(encryptWindow(head, body, firstSegment, last)),
  );

  function* encryptWindow(
    head: Uint8Array,
    body: Uint8Array,
    firstSegment: number,
    last: boolean,
  ): Steps<void> {
    const length = head.length + body.length;
    const room = length + Math.ceil(length / mode.segmentLength) * overhead + (last ? mostAtEnd : 0);
    const output = new Uint8Array(room);
    let written = 0;
    if (head.length > 0) written = yield* wait(encryptor.encrypt(head, firstSegment, false, output));
    const next = firstSegment + head.length / mode.segmentLength;
    if (last || body.length > 0)
      written += yield* wait(encryptor.encrypt(body, next, last, output.subarray(written)));
    if (written > 0) controller.enqueue(output.subarray(0, written));
  }

  function* guarded(step: () => unknown, last: boolean): Steps<void> {
    let done = last;
    try {
      yield* wait(step());
    } catch (error) {
      done = true;
      throw error;
    } finally {
      if (done) wipe();
    }
  }

  function wipe(): void {
    pending.wipe();
    encryptor.wipe();
  }

  return new TransformStream<Uint8Array, Uint8Array>({
    start: (started) =>
      settle(
        (function* () {
          controller = started;
          encryptor = yield* wait(making);
          if (encryptor.preamble.length > 0) controller.enqueue(new Uint8Array(encryptor.preamble));
        })(),
      ),
    transform(chunk) {
      checkChunk(chunk);
      return settle(guarded(() => pending.push(chunk), false));
    },
    flush: () => settle(guarded(() => pending.end(), true)),
    cancel: wipe,
  } as Transformer<Uint8Array, Uint8Array>);
}
