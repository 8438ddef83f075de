import { sha256 } from '@noble/hashes/sha2.js';
import { encodeHex } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { KeyPins, ServiceTrust } from '../service-trust.ts';

const hash = /^[0-9a-f]{64}$/;

/** The host as pins spell it, and the hash in lower case; throws `INVALID_ARGUMENT`. */
function checkedPin(host: string, keySha256: string): readonly [string, string] {
  const lower = keySha256.toLowerCase();
  if (!hash.test(lower))
    throw new SealwrightError('INVALID_ARGUMENT', `The pin of ${host} is no SHA-256 in hexadecimal.`);
  return [host.toLowerCase(), lower];
}

/**
 * Pins that are known beforehand: the licensor key of each host, as SHA-256 of its little-endian modulus in hexadecimal. Hosts that
 * are not listed are not pinned. Throws `INVALID_ARGUMENT` for a hash that is none (spec/rest.md, "Trust").
 *
 * @example
 * ```ts
 * import { pinnedKeys } from 'sealwright/licensing';
 * const trust = { hosts: ['rms.contoso.com'], keys: pinnedKeys({ 'rms.contoso.com': '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' }) };
 * ```
 */
export function pinnedKeys(pins: Readonly<Record<string, string>>): KeyPins {
  const known = new Map(Object.entries(pins).map(([host, key]) => checkedPin(host, key)));
  return { get: async (host) => known.get(host.toLowerCase()) };
}

/**
 * Trust on first use, for as long as this value lives: the first key a host shows is its key. `pins` are known beforehand.
 *
 * @example
 * ```ts
 * import { firstUseKeys } from 'sealwright/licensing';
 * const trust = { hosts: ['rms.contoso.com'], keys: firstUseKeys() };
 * ```
 */
export function firstUseKeys(pins: Readonly<Record<string, string>> = {}): KeyPins {
  const known = new Map(Object.entries(pins).map(([host, key]) => checkedPin(host, key)));
  return {
    get: async (host) => known.get(host.toLowerCase()),
    async onFirstUse(host, keySha256) {
      const [name, key] = checkedPin(host, keySha256);
      if (!known.has(name)) known.set(name, key);
    },
  };
}

/**
 * Holds the licensor key that a service shows against the pin of its host, or pins it where that is wanted. `modulus` is
 * little-endian, as licenses write it. Throws `UNTRUSTED_SERVICE` with the reason `key-not-pinned` (spec/rest.md, "Trust").
 */
export async function checkLicensorKey(
  host: string,
  modulus: Uint8Array,
  trust: Pick<ServiceTrust, 'keys'> | undefined,
): Promise<void> {
  const pins = trust?.keys;
  if (pins === undefined) return;
  const name = host.toLowerCase();
  const shown = encodeHex(sha256(modulus));
  let pinned = await pins.get(name);
  if (pinned === undefined && pins.onFirstUse !== undefined) {
    await pins.onFirstUse(name, shown);
    // Asked again, because another first use may have come in between.
    pinned = await pins.get(name);
  }
  if (pinned === undefined || pinned.toLowerCase() === shown) return;
  throw new SealwrightError(
    'UNTRUSTED_SERVICE',
    `${host} shows another licensor key than the one pinned for it: SHA-256 ${shown} instead of ${pinned.slice(0, 64)}. ` +
      'Ask who runs the service whether its key was replaced; if so, change the pin.',
    { reason: 'key-not-pinned', host: name },
  );
}
