import { sha256 } from '@noble/hashes/sha2.js';
import { encodeHex } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { PublishingLicenseFacts } from '../../license/index.ts';
import { licenseAddresses } from './discovery/license-addresses.ts';
import type { RestConnection } from './rest-connection.ts';

/** Hosts whose pins a license must keep, and its server key's fingerprint. */
interface ShownKey {
  readonly hosts: readonly string[];
  readonly keySha256: string;
}

/**
 * Holds the server key of a license against the pins of the host that is asked and of the host that the license names.
 *
 * @param whose what is wrong if they differ: the `service` that issued the license just now, or the `license` of a file
 * @throws `UNTRUSTED_SERVICE` or `UNTRUSTED_LICENSE` for another key than the pinned one
 */
export async function requirePinnedKey(
  { keys }: RestConnection,
  license: PublishingLicenseFacts,
  asked: URL,
  whose: 'service' | 'license',
): Promise<void> {
  if (keys === undefined) return;
  const shown = shownKey(license, asked);
  for (const host of new Set([...(shown?.hosts ?? []), asked.host])) {
    const pinned = await keys.get(host);
    if (pinned === undefined || pinned.toLowerCase() === shown?.keySha256) continue;
    const key = shown?.keySha256 ?? 'none';
    throw whose === 'service'
      ? new SealwrightError(
          'UNTRUSTED_SERVICE',
          `The service issued a license with another server key for ${host} (${key}) than the one that is pinned (${pinned}). If it has changed its key, ask who runs it for the new one and change the pin.`,
          { reason: 'key-mismatch', host },
        )
      : new SealwrightError(
          'UNTRUSTED_LICENSE',
          `The license names another server key (${key}) than the one that is pinned for ${host} (${pinned}): it was issued by another authority. Use the one that protected the file, or get a fresh copy.`,
          { reason: 'key-mismatch', host },
        );
  }
}

/** Pins the server key of a license that the service has just issued or accepted, where its host has no pin yet. */
export async function pinOnFirstUse(
  { keys }: RestConnection,
  license: PublishingLicenseFacts,
  asked: URL,
): Promise<void> {
  const shown = keys?.onFirstUse === undefined ? undefined : shownKey(license, asked);
  if (keys?.onFirstUse === undefined || shown === undefined) return;
  for (const host of shown.hosts)
    if ((await keys.get(host)) === undefined) await keys.onFirstUse(host, shown.keySha256);
}

/** A host of the cloud serves many organizations with a key each, so the license's own host counts where it names one. */
function shownKey(license: PublishingLicenseFacts, asked: URL): ShownKey | undefined {
  const modulus = license.facts.principals[0]?.publicKey?.modulus;
  if (modulus === undefined) return undefined;
  const named = licenseAddresses(license).urls.flatMap((text) => {
    try {
      const url = new URL(text);
      return url.host === '' ? [] : [url.host];
    } catch {
      return [];
    }
  });
  return {
    hosts: named.length === 0 ? [asked.host] : [...new Set(named)],
    keySha256: encodeHex(sha256(modulus)),
  };
}
