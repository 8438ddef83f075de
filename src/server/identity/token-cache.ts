import { hash } from 'node:crypto';

/** Bounded; what was used longest ago goes first. The tokens themselves are not kept, only their SHA-256. */
export interface TokenCache<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
}

/** The name under which a token is remembered. */
export const tokenKey = (token: string): string => hash('sha256', token, 'base64');

/** A cache of at most `size` tokens. */
export function tokenCache<T>(size: number): TokenCache<T> {
  const entries = new Map<string, T>();
  return {
    get(key) {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= size) return;
      const [oldest] = entries.keys();
      if (oldest !== undefined) entries.delete(oldest);
    },
    delete: (key) => void entries.delete(key),
  };
}
