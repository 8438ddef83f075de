import type { ByteSink, ByteSource, MaybePromise } from '../bytes/index.ts';
import type { ContentCarrier } from './content-carrier.ts';
import type { ContentTransform } from './content-transform.ts';
import type { TransferOptions } from './protected-content.ts';
import type { Weave } from './weave.ts';
import { type Window, windowReader } from './window-reader.ts';

/**
 * Input bytes of a window. Chained modes get faster with the number of segments in a window
 * (spec/cipher-modes.md, "Windows"); for the others a larger one only costs memory.
 */
const windowLength = (transform: ContentTransform): number => (transform.chained ? 2 : 1) * 1024 * 1024;

/** Bytes of a chunk of a Web Stream: large enough to amortise its promises, small enough to stay in caches. */
export const streamWindowLength = 1024 * 1024;

/** The longest run of whole segments in `length` bytes, one at least: what a window really holds. */
export const wholeSegments = (length: number, segmentLength: number): number =>
  Math.max(1, Math.floor(length / segmentLength)) * segmentLength;

/**
 * Moves `source` through `transform` into `sink`: while one window is worked on, the next is being read and
 * the one before is being written. Gives the bytes written.
 */
export async function pump(
  source: ByteSource,
  transform: ContentTransform,
  sink: ByteSink,
  options: TransferOptions = {},
): Promise<number> {
  const next = windowReader(source, wholeSegments(windowLength(transform), transform.segmentLength), options);
  const outputs: (Uint8Array | undefined)[] = [undefined, undefined];
  let written = 0;
  let writing: MaybePromise<void> | undefined;
  for (let turn = 0; ; turn++) {
    const window = await next();
    const needed = transform.outputCapacity(window);
    let output = transform.inPlace ? window.buffer : outputs[turn % 2];
    if (output === undefined || output.length < needed) {
      output = new Uint8Array(needed);
      outputs[turn % 2] = output;
    }
    const count = transform.apply(window, output);
    const length = count instanceof Promise ? await count : count;
    if (writing instanceof Promise) await writing;
    options.signal?.throwIfAborted();
    writing = sink.write(output.subarray(0, length), options);
    // A write that fails is reported when it is waited for, and is not "unhandled" until then.
    if (writing instanceof Promise) writing.catch(() => undefined);
    written += length;
    options.onProgress?.(window.offset + window.bytes.length, source.size);
    if (window.last) break;
  }
  if (writing instanceof Promise) await writing;
  return written;
}

/** Carries contents in this thread. */
export const carrierHere: ContentCarrier = Object.freeze<ContentCarrier>({
  carry: ({ source, transform, sink, admit }, options) =>
    pump(source, admit === undefined ? transform : admitted(transform, admit), sink, options),
});

/** `transform`, asking `admit` before each window. */
export const admitted = (transform: ContentTransform, admit: () => void): ContentTransform => ({
  ...transform,
  apply(window, output) {
    admit();
    return transform.apply(window, output);
  },
});

/** What {@link pumpStream} gives: the windows, transformed, after `prefix` and woven into what surrounds them. */
export interface PumpedContent {
  readonly transform: ContentTransform;
  readonly prefix: readonly Uint8Array[];
  readonly woven?: Weave | undefined;
}

/**
 * The same as a Web Stream. Each chunk is new memory that belongs to whoever reads it. `done` is called once,
 * when the stream has ended, failed or was given up.
 */
export function pumpStream(
  source: ByteSource,
  begin: () => MaybePromise<PumpedContent>,
  done: () => void,
  options: TransferOptions = {},
): ReadableStream<Uint8Array> {
  let next: (() => Promise<Window>) | undefined;
  let transform: ContentTransform;
  let woven: Weave | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          if (next === undefined) {
            const begun = await begin();
            ({ transform, woven } = begun);
            next = windowReader(source, wholeSegments(streamWindowLength, transform.segmentLength), options);
            const prefix = begun.prefix.filter((bytes) => bytes.length > 0);
            for (const bytes of prefix) controller.enqueue(bytes);
            if (prefix.length > 0) return;
          }
          const window = await next();
          const output = new Uint8Array(transform.outputCapacity(window));
          const length = await transform.apply(window, output);
          options.signal?.throwIfAborted();
          options.onProgress?.(window.offset + window.bytes.length, source.size);
          // Only an empty content decrypts to nothing, and then this is the last window.
          const content = output.subarray(0, length);
          const pieces = woven === undefined ? [content] : woven.next(content);
          for (const bytes of pieces) if (bytes.length > 0) controller.enqueue(bytes);
          if (!window.last) return;
          for (const bytes of woven?.end() ?? []) if (bytes.length > 0) controller.enqueue(bytes);
          controller.close();
          done();
        } catch (error) {
          done();
          throw error;
        }
      },
      cancel: done,
    },
    { highWaterMark: 0 },
  );
}
