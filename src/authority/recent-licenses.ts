import { sha256Base64 } from '../bytes/index.ts';
import type { OwnLicense } from './own-license.ts';

/** Licenses that are kept, and the bytes they may have had together. */
const limits = { licenses: 4096, bytes: 32 * 1024 * 1024 };

/** Licenses that were read and found to be ours lately, by the SHA-256 of their bytes; the oldest make room. */
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
export function recentLicenses({ licenses, bytes: maximumBytes } = limits): RecentLicenses {
  const known = new Map<string, { readonly license: OwnLicense; readonly size: number }>();
  let total = 0;
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
      if (bytes.length > maximumBytes) return license;
      known.set(key, { license, size: bytes.length });
      total += bytes.length;
      for (const [oldest, { size }] of known) {
        if (known.size <= licenses && total <= maximumBytes) break;
        known.delete(oldest);
        total -= size;
      }
      return license;
    },
  };
}
