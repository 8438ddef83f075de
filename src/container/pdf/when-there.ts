import type { MaybePromise } from '../../bytes/index.ts';

/** Goes on with a value: at once if it is there, else when it is. */
export const whenThere = <T, U>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<U>,
): MaybePromise<U> => (value instanceof Promise ? value.then(next) : next(value));
