import type { ICachePlugin } from '@azure/msal-node';

/** Where MSAL's tokens are kept; `fileTokenStore` of `sealwright/openid` is one. */
export interface MsalCacheStore {
  read(): Promise<string | undefined>;
  write(content: string): Promise<void>;
  /** Keeps other processes out until the function it resolves to is called. */
  lock?(): Promise<() => Promise<void>>;
}

/**
 * Keeps MSAL's tokens in a store that several processes may share (spec/sign-in.md, "Stores").
 *
 * @example
 * ```ts
 * import { msalCache } from 'sealwright/msal';
 * import { fileTokenStore } from 'sealwright/openid';
 * const cache = msalCache(fileTokenStore('contoso-app/msal.json'));
 * ```
 */
export function msalCache(store: MsalCacheStore): ICachePlugin {
  const held: (() => Promise<void>)[] = [];
  return {
    async beforeCacheAccess(context) {
      const release = await store.lock?.();
      if (release !== undefined) held.push(release);
      const content = await store.read();
      if (content !== undefined) context.tokenCache.deserialize(content);
    },
    async afterCacheAccess(context) {
      try {
        if (context.cacheHasChanged) await store.write(context.tokenCache.serialize());
      } finally {
        await held.shift()?.();
      }
    },
  };
}
