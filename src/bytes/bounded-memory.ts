/** What was made of something before, so that it need not be made again; the one unused for longest makes room. */
export interface BoundedMemory<K, V> {
  /** What was made for `key`, or what `make` makes for it now; what it throws is not kept. */
  get(key: K, make: () => V): V;
}

/** @param most - of how many things the result is kept */
export function boundedMemory<K, V extends object>(most: number): BoundedMemory<K, V> {
  const kept = new Map<K, V>();
  let last: { readonly key: K; readonly value: V } | undefined;
  return {
    get(key, make) {
      // Most often it is the same as the time before.
      if (last !== undefined && last.key === key) return last.value;
      let value = kept.get(key);
      if (value !== undefined) kept.delete(key);
      else {
        value = make();
        if (kept.size >= most) kept.delete(kept.keys().next().value as K);
      }
      kept.set(key, value);
      last = { key, value };
      return value;
    },
  };
}
