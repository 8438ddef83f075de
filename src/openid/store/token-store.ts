import type { WaitOptions } from '../../bytes/index.ts';

/**
 * Where a sign-in is kept: one text, which holds tokens (spec/sign-in.md, "Stores"). Whoever reads it can act as the
 * person.
 */
export interface TokenStore {
  /** What was written last, `undefined` if nothing was. */
  read(): Promise<string | undefined>;
  /** Replaces the text, whole or not at all. */
  write(content: string): Promise<void>;
  clear(): Promise<void>;
  /**
   * Waits until nobody else who shares the store is renewing tokens, and keeps others out until the function it
   * resolves to is called. Needed where several processes share a store and the issuer replaces refresh tokens.
   */
  lock?(options?: WaitOptions): Promise<() => Promise<void>>;
}

/**
 * Keeps a sign-in as long as the process runs.
 *
 * @example
 * ```ts
 * import { memoryTokenStore } from 'sealwright/openid';
 * const store = memoryTokenStore();
 * ```
 */
export function memoryTokenStore(): TokenStore {
  let kept: string | undefined;
  return {
    read: async () => kept,
    write: async (content) => {
      kept = content;
    },
    clear: async () => {
      kept = undefined;
    },
  };
}
