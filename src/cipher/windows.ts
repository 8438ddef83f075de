import type { MaybePromise } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { type Steps, settle, wait } from './settle.ts';

/** Bytes gathered before the cipher is called, unless the caller says otherwise. */
export const defaultWindowLength = 1024 * 1024;
const smallestPending = 64 * 1024;

/**
 * Receives whole units: those of `head`, then those of `body`. Only with `last` may `body` end inside a
 * unit. Both may be views of memory that is reused once this returns or resolves.
 */
export type WindowConsumer = (
  head: Uint8Array,
  body: Uint8Array,
  firstUnit: number,
  last: boolean,
) => MaybePromise<void>;

/** Takes chunks of any size and hands them on as windows; always keeps the last unit until `end`. */
export interface Windows {
  push(chunk: Uint8Array): MaybePromise<void>;
  end(): MaybePromise<void>;
  /** Overwrites what is still held. */
  wipe(): void;
}

/**
 * Cuts a stream of chunks into windows of whole units. Small chunks are gathered, large ones pass through
 * without a copy. spec/cipher-modes.md, "Streams".
 */
export function windows(unit: number, windowLength: number, consume: WindowConsumer): Windows {
  const capacity = Math.max(1, Math.floor(windowLength / unit)) * unit;
  let pending = new Uint8Array(0);
  let held = 0;
  let unitsDone = 0;

  function hold(bytes: Uint8Array): void {
    const needed = held + bytes.length;
    if (needed > pending.length) {
      const larger = new Uint8Array(
        Math.min(capacity, Math.max(needed, 2 * pending.length, Math.min(smallestPending, capacity))),
      );
      larger.set(pending.subarray(0, held));
      pending.fill(0);
      pending = larger;
    }
    pending.set(bytes, held);
    held = needed;
  }

  function* pass(body: Uint8Array): Steps<void> {
    const head = pending.subarray(0, held);
    const first = unitsDone;
    unitsDone += (held + body.length) / unit;
    held = 0;
    yield* wait(consume(head, body, first, false));
  }

  function* push(chunk: Uint8Array): Steps<void> {
    let rest = chunk;
    while (rest.length > 0) {
      const completing = held === 0 ? 0 : unit - held;
      const direct = Math.min(capacity, Math.floor((rest.length - completing - 1) / unit) * unit);
      if (completing >= 0 && rest.length >= capacity && direct > 0) {
        hold(rest.subarray(0, completing));
        yield* pass(rest.subarray(completing, completing + direct));
        rest = rest.subarray(completing + direct);
      } else if (held === capacity) {
        yield* pass(rest.subarray(0, 0));
      } else {
        const taken = Math.min(rest.length, capacity - held);
        hold(rest.subarray(0, taken));
        rest = rest.subarray(taken);
      }
    }
  }

  return {
    push: (chunk) => settle(push(chunk)),
    end: () => consume(pending.subarray(0, 0), pending.subarray(0, held), unitsDone, true),
    wipe() {
      pending.fill(0);
      held = 0;
    },
  };
}

/** Refuses what is not bytes, such as the strings that text streams carry. */
export function checkChunk(chunk: unknown): asserts chunk is Uint8Array {
  if (chunk instanceof Uint8Array) return;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `A cipher stream takes Uint8Array chunks, not ${typeof chunk}. Put a TextEncoderStream in front of text.`,
  );
}

/** The window length asked for, checked. Throws `INVALID_ARGUMENT`. */
export function checkWindowLength(windowLength: number | undefined): number {
  if (windowLength === undefined) return defaultWindowLength;
  if (Number.isSafeInteger(windowLength) && windowLength >= 1 && windowLength <= 2 ** 30) return windowLength;
  throw new SealwrightError('INVALID_ARGUMENT', `windowLength must be 1 to 2^30 bytes, not ${windowLength}.`);
}
