import { wipe } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { LicenseStore } from './license-store.ts';

/** Limits of a store in memory. */
export interface MemoryLicenseStoreOptions {
  /** Entries kept at most; the one that was not used for longest goes first. Default 1000. */
  readonly maximumEntries?: number | undefined;
}

interface Entry {
  readonly bytes: Uint8Array;
  readonly expires: Date | undefined;
  readonly group: string | undefined;
}

/**
 * Keeps licenses in the memory of this process and wipes those it throws away.
 *
 * @throws `INVALID_ARGUMENT` if `maximumEntries` is no whole number above 0
 * @see spec/license-cache.md, "Stores"
 *
 * @example
 * ```ts
 * import { memoryLicenseStore } from 'sealwright/licensing';
 * const store = memoryLicenseStore({ maximumEntries: 100 });
 * ```
 */
export function memoryLicenseStore(options: MemoryLicenseStoreOptions = {}): LicenseStore {
  const maximum = options.maximumEntries ?? 1000;
  if (!Number.isSafeInteger(maximum) || maximum < 1)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `A license store cannot keep ${maximum} entries: give a whole number from 1.`,
    );
  // In the order of use: the first is the one that was not used for longest.
  const entries = new Map<string, Entry>();
  let latest: Date | undefined;

  const remove = (key: string): void => {
    wipe(entries.get(key)?.bytes);
    entries.delete(key);
  };
  const removeWhere = (condemned: (entry: Entry) => boolean): void => {
    for (const [key, entry] of entries) if (condemned(entry)) remove(key);
  };

  return Object.freeze({
    async get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return Uint8Array.from(entry.bytes);
    },
    async set(key, bytes, { expires, group } = {}) {
      remove(key);
      entries.set(key, { bytes: Uint8Array.from(bytes), expires: expires && new Date(expires), group });
      for (const oldest of entries.keys()) {
        if (entries.size <= maximum) break;
        remove(oldest);
      }
    },
    async delete(key) {
      remove(key);
    },
    async deleteGroup(group) {
      removeWhere((entry) => entry.group === group);
    },
    async purge(now) {
      removeWhere(({ expires }) => expires !== undefined && expires <= now);
    },
    async clear() {
      removeWhere(() => true);
      latest = undefined;
    },
    latestTime: async () => latest && new Date(latest),
    async noteTime(time) {
      if (latest === undefined || time > latest) latest = new Date(time);
    },
  } satisfies LicenseStore);
}
