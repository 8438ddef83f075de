import { wipe } from '../bytes/index.ts';
import { decryptionFailed } from '../errors.ts';
import type { CipherMode, SegmentDecryptor } from './cipher-mode.ts';
import type { CipherStreamOptions } from './encrypt-stream.ts';
import { checkKeyLength } from './mode/lengths.ts';
import { type Steps, settle, wait } from './settle.ts';
import { checkChunk, checkWindowLength, windows } from './windows.ts';

/**
 * A transform from content to plaintext, for chunks of any size. The last segment is held back until the
 * end is known. Under our own mode no byte leaves it that was not authenticated, but a stream that fails has already
 * given out its beginning: act on the whole only when it ended well. spec/cipher-modes.md, "Streams".
 *
 * @param mode - from `cipherMode`.
 * @param key - the content key in bytes; copied before this returns, overwritten when the stream ends.
 * @returns the transform; it fails with `DECRYPTION_FAILED` for changed or cut content or another key.
 * @throws SealwrightError `INVALID_ARGUMENT` for a key the mode cannot use.
 * @example
 * ```ts
 * import { cipherMode, decryptStream, encryptStream, generateContentKey } from 'sealwright/cipher';
 * const mode = cipherMode('MICROSOFT.CBC4K');
 * const key = generateContentKey();
 * const content = new Blob(['Hello']).stream().pipeThrough(encryptStream(mode, key));
 * console.log(await new Response(content.pipeThrough(decryptStream(mode, key))).text()); // Hello
 * ```
 */
export function decryptStream(
  mode: CipherMode,
  key: Uint8Array,
  options: CipherStreamOptions = {},
): TransformStream<Uint8Array, Uint8Array> {
  const windowLength = checkWindowLength(options.windowLength);
  // A wrong key length is the caller's mistake and is told at once, not with the first byte.
  if (mode.preambleLength === 0)
    return transform(mode, windowLength, mode.decryptor(key, new Uint8Array(0), options));
  checkKeyLength(key, mode);
  // Not `slice`, which gives a view of a Node Buffer.
  const copy = new Uint8Array(key);
  return transform(mode, windowLength, undefined, (preamble) => {
    try {
      return mode.decryptor(copy, preamble, options);
    } finally {
      wipe(copy);
    }
  });
}

type Made = ReturnType<CipherMode['decryptor']>;

function transform(
  mode: CipherMode,
  windowLength: number,
  made: Made | undefined,
  make?: (preamble: Uint8Array) => Made,
): TransformStream<Uint8Array, Uint8Array> {
  const preamble = new Uint8Array(mode.preambleLength);
  let preambleHeld = 0;
  let decryptor: SegmentDecryptor | undefined;
  let controller: TransformStreamDefaultController<Uint8Array>;

  const pending = windows(mode.encryptedSegmentLength, windowLength, (head, body, firstSegment, last) =>
    settle(decryptWindow(head, body, firstSegment, last)),
  );

  function* decryptWindow(
    head: Uint8Array,
    body: Uint8Array,
    firstSegment: number,
    last: boolean,
  ): Steps<void> {
    if (!decryptor) throw decryptionFailed();
    const output = new Uint8Array(head.length + body.length);
    let opened = 0;
    if (head.length > 0) opened = yield* wait(decryptor.decrypt(head, firstSegment, false, output));
    const next = firstSegment + head.length / mode.encryptedSegmentLength;
    if (last || body.length > 0)
      opened += yield* wait(decryptor.decrypt(body, next, last, output.subarray(opened)));
    if (opened > 0) controller.enqueue(output.subarray(0, opened));
  }

  function* take(chunk: Uint8Array): Steps<void> {
    let body = chunk;
    if (!decryptor && make) {
      const part = chunk.subarray(0, preamble.length - preambleHeld);
      preamble.set(part, preambleHeld);
      preambleHeld += part.length;
      if (preambleHeld < preamble.length) return;
      decryptor = yield* wait(make(preamble));
      body = chunk.subarray(part.length);
    }
    yield* wait(pending.push(body));
  }

  function* guarded(steps: Steps<void>, last: boolean): Steps<void> {
    let done = last;
    try {
      yield* steps;
    } catch (error) {
      done = true;
      throw error;
    } finally {
      if (done) forget();
    }
  }

  function forget(): void {
    pending.wipe();
    decryptor?.wipe();
  }

  return new TransformStream<Uint8Array, Uint8Array>({
    start: (started) =>
      settle(
        (function* () {
          controller = started;
          if (made) decryptor = yield* wait(made);
        })(),
      ),
    transform(chunk) {
      checkChunk(chunk);
      return settle(guarded(take(chunk), false));
    },
    flush: () => settle(guarded(wait(pending.end()), true)),
    cancel: forget,
  } as Transformer<Uint8Array, Uint8Array>);
}
