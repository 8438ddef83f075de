import { sha256 } from '@noble/hashes/sha2.js';
import { encodeHex } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { PublishingLicenseFacts, RsaPublicKey } from '../../license/index.ts';
import { checkLicensorKey } from '../exchange/key-pins.ts';
import { licenseAddresses } from './discovery/license-addresses.ts';
import type { RestConnection } from './rest-connection.ts';

/** A server key that a license or a certificate shows, and whose it is said to be. */
export interface ShownKey {
  /** Hosts that the document names as the server's; the one that was asked where it names none. */
  readonly hosts: readonly string[];
  /** The host that is or was asked. */
  readonly asked: string;
  /** The host that the application named, which may have sent the client on to the one asked. */
  readonly named: string;
  /** Empty if there is no usable key. */
  readonly modulus: Uint8Array;
}

/** The server key of a publishing license. */
export const keyOfLicense = (
  license: PublishingLicenseFacts,
  asked: URL,
  named: string | URL = asked,
): ShownKey => shownKey(licenseAddresses(license).urls, license.facts.principals[0]?.publicKey, asked, named);

/** The key of a server. A host of the cloud has one for each organization, so the host a document names comes first. */
export function shownKey(
  urls: readonly string[],
  key: RsaPublicKey | undefined,
  asked: URL,
  named: string | URL = asked,
): ShownKey {
  const stated = urls.flatMap((text) => {
    try {
      const { host } = new URL(text);
      return host === '' ? [] : [host];
    } catch {
      return [];
    }
  });
  return {
    hosts: stated.length === 0 ? [asked.host] : [...new Set(stated)],
    asked: asked.host,
    named: new URL(named).host,
    modulus: key?.modulus ?? new Uint8Array(0),
  };
}

/**
 * Holds the key that a service has just shown against the pins of the host that was asked and of those that the document
 * names, which are pinned on first use where that is wanted. Throws `UNTRUSTED_SERVICE`.
 */
export async function requireServiceKey({ keys }: RestConnection, shown: ShownKey): Promise<void> {
  if (keys === undefined) return;
  const known = { keys: { get: (host: string) => keys.get(host) } };
  const { asked, hosts, modulus } = shown;
  for (const host of [shown.named, asked, ...hosts]) await checkLicensorKey(host, modulus, known);
  if (modulus.length === 0) return;
  const own = hosts.filter((host) => mayIntroduce(asked, host));
  for (const host of own.length === 0 ? [asked] : own) await checkLicensorKey(host, modulus, { keys });
}

/** A service must not say which key another one has; hosts of one domain, as the cloud's are, belong together. */
function mayIntroduce(asked: string, host: string): boolean {
  if (asked === host) return true;
  const domain = asked.replace(/^[^.]*\./, '');
  return /\.[a-z][^.]*$/.test(domain) && (host === domain || host.endsWith(`.${domain}`));
}

/**
 * Holds the key of a file's license against the same pins, before it is sent anywhere. Throws `UNTRUSTED_LICENSE`: the
 * service has shown nothing yet.
 */
export async function requireLicenseKey({ keys }: RestConnection, shown: ShownKey): Promise<void> {
  if (keys === undefined) return;
  for (const host of new Set([...shown.hosts, shown.asked, shown.named])) {
    const pinned = await keys.get(host.toLowerCase());
    const key = encodeHex(sha256(shown.modulus));
    if (pinned === undefined || pinned.toLowerCase() === key) continue;
    const [names] = shown.hosts;
    const issuer =
      names === undefined || names === host ? 'another authority' : `another authority, at ${names}`;
    throw new SealwrightError(
      'UNTRUSTED_LICENSE',
      `The license was issued by ${issuer}: its server key (${key.slice(0, 12)}…) is not the one pinned for ${host} (${pinned.slice(0, 12)}…). Ask the authority that protected the file, or get a fresh copy.`,
      { reason: 'key-not-pinned', host },
    );
  }
}
