import type { MaybePromise } from '../bytes/index.ts';

/** Steps that may have to wait; written once, run at once or over promises. */
export type Steps<T> = Generator<PromiseLike<unknown>, T, unknown>;

/**
 * Runs `steps`. As long as nothing makes a promise the result is there when this returns, so that
 * synchronous back-ends and sources never cost a turn of the event loop.
 */
export function settle<T>(steps: Steps<T>): MaybePromise<T> {
  const next = steps.next();
  return next.done ? next.value : settleLater(steps, next.value);
}

async function settleLater<T>(steps: Steps<T>, first: PromiseLike<unknown>): Promise<T> {
  let waiting = first;
  for (;;) {
    let value: unknown;
    let failure: { readonly reason: unknown } | undefined;
    try {
      value = await waiting;
    } catch (reason) {
      failure = { reason };
    }
    const next = failure ? steps.throw(failure.reason) : steps.next(value);
    if (next.done) return next.value;
    waiting = next.value;
  }
}

/** Inside {@link Steps}: `yield* wait(value)` gives the value, pausing only if it is a promise. */
export function* wait<T>(value: MaybePromise<T>): Steps<T> {
  return value instanceof Promise ? ((yield value) as T) : value;
}
