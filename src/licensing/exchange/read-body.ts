import { untilAborted } from './deadline.ts';

/** How much of a body is taken, and how long it is waited for. */
export interface BodyBounds {
  /** Bytes. */
  readonly longest: number;
  /** Called before each wait for a piece; gives what is called after it. */
  readonly waiting: () => () => void;
  readonly signal: AbortSignal;
}

/** Reads a body piece by piece; `undefined`, and the rest is not taken, if it is longer than allowed. */
export async function readBody(answer: Response, bounds: BodyBounds): Promise<Uint8Array | undefined> {
  const { longest, waiting, signal } = bounds;
  if (answer.body === null) return new Uint8Array();
  const stated = answer.headers.get('content-length');
  // A stated length is believed only where it is too long.
  if (stated !== null && /^\d+$/.test(stated) && Number(stated) > longest) {
    discard(answer);
    return undefined;
  }
  const reader = answer.body.getReader();
  // One buffer that grows, because a service may send single bytes, and each would cost an object.
  let buffer = new Uint8Array(16 * 1024);
  let length = 0;
  let complete = false;
  try {
    for (;;) {
      const arrived = waiting();
      const { done, value } = await untilAborted(reader.read(), signal).finally(arrived);
      if (done) {
        complete = true;
        return buffer.subarray(0, length);
      }
      const end = length + value.length;
      if (end > longest) return undefined;
      if (end > buffer.length) {
        const larger = new Uint8Array(Math.min(longest, Math.max(end, 2 * buffer.length)));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(value, length);
      length = end;
    }
  } finally {
    // Not awaited: a stream may take its time to be cancelled.
    if (!complete) reader.cancel().catch(() => undefined);
  }
}

/** Lets go of an answer whose body nobody reads. */
export function discard(answer: Response): void {
  if (answer.body !== null && !answer.body.locked) answer.body.cancel().catch(() => undefined);
}
