import { sha256Base64 } from '../bytes/index.ts';
import { type OwnLicense, withTextsOfItsOwn } from './own-license.ts';

/** Licenses that are kept, the bytes they may have had together, and the digests of those that were shown once. */
const limits = { licenses: 4096, bytes: 16 * 1024 * 1024, once: 4096 };

/**
 * Licenses that were read and found to be ours lately, by the SHA-256 of their bytes; the oldest make room. One is kept
 * when it is shown a second time: whoever opens a hundred thousand files shows each license once, and nothing would be
 * gained by keeping them.
 */
export interface RecentLicenses {
  /**
   * What is known of `bytes`, or what `read` finds out about them; what it throws is not kept. `digest` is their SHA-256
   * in base64, for whoever knows it already.
   */
  get(bytes: Uint8Array, read: () => OwnLicense, digest?: string): OwnLicense;
}

/**
 * A license is the same each time it is shown: reading it and checking its signatures again would find nothing new. No
 * key is kept, no decision, and nothing that can be withdrawn.
 */
export function recentLicenses({ licenses, bytes: maximumBytes, once } = limits): RecentLicenses {
  const known = new Map<string, { readonly license: OwnLicense; readonly size: number }>();
  const shownOnce = new Set<string>();
  let total = 0;

  /** Whether these were good the last time, too. */
  function isSecond(key: string): boolean {
    if (shownOnce.delete(key)) return true;
    shownOnce.add(key);
    if (shownOnce.size > once) shownOnce.delete(shownOnce.values().next().value as string);
    return false;
  }

  return {
    get(bytes, read, key = sha256Base64(bytes)) {
      const found = known.get(key);
      if (found !== undefined) {
        // Last in the map is last to go.
        known.delete(key);
        known.set(key, found);
        return found.license;
      }
      const license = read();
      if (bytes.length > maximumBytes || !isSecond(key)) return license;
      const kept = withTextsOfItsOwn(license);
      known.set(key, { license: kept, size: bytes.length });
      total += bytes.length;
      for (const [oldest, { size }] of known) {
        if (known.size <= licenses && total <= maximumBytes) break;
        known.delete(oldest);
        total -= size;
      }
      return kept;
    },
  };
}
