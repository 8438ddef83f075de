/** Values that are gone after a while, and at the latest when many others came after them. */
export interface ExpiringStore<T> {
  /** Keeps `value` for `lifetime` milliseconds. */
  put(key: string, value: T, lifetime: number): void;
  get(key: string): T | undefined;
  /** Gives the value once. */
  take(key: string): T | undefined;
}

const maxEntries = 10_000;

/** A store in memory. */
export function expiringStore<T>(now: () => Date): ExpiringStore<T> {
  const entries = new Map<string, { readonly value: T; readonly until: number }>();
  const get = (key: string): T | undefined => {
    const entry = entries.get(key);
    return entry !== undefined && now().getTime() < entry.until ? entry.value : undefined;
  };
  return {
    put(key, value, lifetime) {
      entries.set(key, { value, until: now().getTime() + lifetime });
      if (entries.size <= maxEntries) return;
      const [oldest] = entries.keys();
      if (oldest !== undefined) entries.delete(oldest);
    },
    get,
    take(key) {
      const value = get(key);
      entries.delete(key);
      return value;
    },
  };
}
