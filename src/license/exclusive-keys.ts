/** Lends one of several equal keys for the time of an operation; who finds all lent waits, first come, first served. */
export type LendKey<Key> = <Result>(use: (key: Key) => Promise<Result>) => Promise<Result>;

/**
 * Node locks a key while a thread of its pool works with it, and whoever starts another operation with that key meanwhile
 * waits for it in the thread of the program, which can then do nothing else. So each operation has a key to itself.
 */
export function exclusiveKeys<Key>(keys: readonly Key[]): LendKey<Key> {
  const free = [...keys];
  const waiting: ((key: Key) => void)[] = [];
  return async (use) => {
    const key = free.pop() ?? (await new Promise<Key>((resolve) => waiting.push(resolve)));
    try {
      return await use(key);
    } finally {
      const next = waiting.shift();
      if (next === undefined) free.push(key);
      else next(key);
    }
  };
}
