import type { LicenseStore } from '../cache/license-store.ts';
import { storeKey } from '../cache/store-key.ts';

/** Where what is needed to publish offline is kept, and whose it is. */
export interface OfflineStore {
  /** `folderLicenseStore()` of `sealwright/node`, for example; it may hold use licenses, too. */
  readonly store: LicenseStore;
  /** For whom the service acts, as a mail address. */
  readonly user: string;
  /** Which service it is: its URL, or an authority's id. */
  readonly serviceId: string;
}

/** One thing in a store, or nowhere; a store that fails never fails publishing. */
export interface Shelf {
  get(): Promise<Uint8Array | undefined>;
  put(bytes: Uint8Array, expires: Date | undefined): Promise<void>;
  clear(): Promise<void>;
}

export function offlineShelf(
  kind: 'client-licensor' | 'templates',
  keep: OfflineStore | undefined,
  onStoreError: (error: unknown) => void,
): Shelf {
  if (keep === undefined)
    return { get: async () => undefined, put: async () => undefined, clear: async () => undefined };
  const { store, user, serviceId } = keep;
  const key = storeKey(kind, serviceId.trim(), user.trim().toLowerCase());
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      onStoreError(error);
      return undefined;
    }
  };
  return {
    get: () => attempt(() => store.get(key)),
    put: (bytes, expires) => attempt(() => store.set(key, bytes, { expires })),
    clear: () => attempt(() => store.delete(key)),
  };
}
