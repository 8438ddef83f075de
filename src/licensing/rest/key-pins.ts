import { sha256 } from '@noble/hashes/sha2.js';
import { encodeHex } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { PublishingLicenseFacts, RsaPublicKey } from '../../license/index.ts';
import { licenseAddresses } from './discovery/license-addresses.ts';
import type { RestConnection } from './rest-connection.ts';

/** A server key that a license or a certificate shows, and whose it is said to be. */
export interface ShownKey {
  /** Hosts that the document names as the server's; the one that was asked where it names none. */
  readonly hosts: readonly string[];
  /** The host that is or was asked. */
  readonly asked: string;
  /** `undefined` if there is no usable key. */
  readonly keySha256: string | undefined;
}

/** The server key of a publishing license. */
export const keyOfLicense = (license: PublishingLicenseFacts, asked: URL): ShownKey =>
  shownKey(licenseAddresses(license).urls, license.facts.principals[0]?.publicKey, asked);

/** The key of a server. A host of the cloud has one for each organization, so the host a document names comes first. */
export function shownKey(urls: readonly string[], key: RsaPublicKey | undefined, asked: URL): ShownKey {
  const named = urls.flatMap((text) => {
    try {
      const { host } = new URL(text);
      return host === '' ? [] : [host];
    } catch {
      return [];
    }
  });
  return {
    hosts: named.length === 0 ? [asked.host] : [...new Set(named)],
    asked: asked.host,
    keySha256: key === undefined ? undefined : encodeHex(sha256(key.modulus)),
  };
}

/**
 * Holds a server key against the pins of the host that is asked and of those that the document names.
 *
 * @param whose what is wrong if they differ: the `service` that made the document just now, or the `license` of a file
 * @throws `UNTRUSTED_SERVICE` or `UNTRUSTED_LICENSE` for another key than the pinned one
 */
export async function requirePinnedKey(
  { keys }: RestConnection,
  shown: ShownKey,
  whose: 'service' | 'license',
): Promise<void> {
  if (keys === undefined) return;
  for (const host of new Set([...shown.hosts, shown.asked])) {
    const pinned = await keys.get(host);
    if (pinned === undefined || pinned.toLowerCase() === shown.keySha256) continue;
    const key = shown.keySha256 ?? 'none';
    throw whose === 'service'
      ? new SealwrightError(
          'UNTRUSTED_SERVICE',
          `The service shows another server key for ${host} (${key}) than the one that is pinned (${pinned}). If it has changed its key, ask who runs it for the new one and change the pin.`,
          { reason: 'key-mismatch', host },
        )
      : new SealwrightError(
          'UNTRUSTED_LICENSE',
          `The license names another server key (${key}) than the one that is pinned for ${host} (${pinned}): it was issued by another authority. Use the one that protected the file, or get a fresh copy.`,
          { reason: 'key-mismatch', host },
        );
  }
}

/** Pins a key that the service has just shown or accepted, where its host has no pin yet. */
export async function pinOnFirstUse({ keys }: RestConnection, shown: ShownKey): Promise<void> {
  if (keys?.onFirstUse === undefined || shown.keySha256 === undefined) return;
  for (const host of shown.hosts)
    if ((await keys.get(host)) === undefined) await keys.onFirstUse(host, shown.keySha256);
}
