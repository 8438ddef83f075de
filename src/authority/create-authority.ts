import type { KeyCustodian } from '../license/index.ts';
import type { LicensingService } from '../licensing/index.ts';
import { type Identity, normalizeAddress, type RandomBytes, systemRandomBytes } from '../rights/index.ts';
import { acquireUseLicense } from './acquire.ts';
import { exportArchive } from './archive/export-archive.ts';
import type { Authority } from './authority.ts';
import { clientLicensor } from './client-licensor.ts';
import { registerContent, restoreContent, revokeContent } from './content.ts';
import type { AuthorityContext } from './context.ts';
import { establish, moveTo } from './establish.ts';
import { networkAddress } from './network-address.ts';
import { publish } from './publish.ts';
import { recentLicenses } from './recent-licenses.ts';
import type { AuthorityStore } from './store/authority-store.ts';
import { authorityTemplates, offeredTemplates } from './templates.ts';

/** The parts an authority is put together from. */
export interface AuthorityParts {
  readonly store: AuthorityStore;
  /** Keeper of the authority's private key. */
  readonly custodian: KeyCustodian;
  /** Gives the private key in PKCS#8 for an export; absent where it cannot leave its keeper. */
  readonly exportKey?: (() => Promise<Uint8Array>) | undefined;
  /** Name of a new authority, as licenses show it. */
  readonly name?: string | undefined;
  readonly now?: (() => Date) | undefined;
  readonly randomBytes?: RandomBytes | undefined;
}

/**
 * Puts an authority together from a store and a key; a new store becomes a new authority. Runs in any
 * runtime. For an authority in a folder see `sealwright/authority/folder`.
 *
 * @throws `AUTHORITY_EXISTS` if the store belongs to an authority with another key, `MALFORMED_ARCHIVE` if
 *   what it says of its authority is damaged
 * @see spec/authority.md
 *
 * @example
 * ```ts
 * import { createAuthority, createMemoryStore } from 'sealwright/authority';
 * import { custodianFromPkcs8, generateRsaKey } from 'sealwright/license';
 * const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
 * const authority = await createAuthority({ store: createMemoryStore(), custodian, name: 'Contoso' });
 * ```
 */
export async function createAuthority(parts: AuthorityParts): Promise<Authority> {
  const { store, custodian } = parts;
  const now = parts.now ?? (() => new Date());
  const randomBytes = parts.randomBytes ?? systemRandomBytes;
  let current = await establish(store, custodian, { name: parts.name, now, randomBytes });
  const context: AuthorityContext = {
    store,
    custodian,
    anchor: { name: current.facts.name, modulusSha256: current.facts.keySha256 },
    recentLicenses: recentLicenses(),
    self: () => current,
    now,
    randomBytes,
  };
  return Object.freeze({
    get facts() {
      return current.facts;
    },
    templates: authorityTemplates(context),
    as: (identity, request) =>
      licensingService(request === undefined ? context : { ...context, request }, identity),
    async setUrl(url) {
      current = await moveTo(context, url === undefined ? undefined : networkAddress(url));
    },
    usageLog: (filter) => store.usage(filter),
    export: (passphrase) => exportArchive(store, parts.exportKey, passphrase, randomBytes),
    close: () => store.close(),
  } satisfies Authority);
}

function licensingService(context: AuthorityContext, identity: string | Identity): LicensingService {
  const given = typeof identity === 'string' ? { email: identity } : identity;
  const who: Identity = Object.freeze({ ...given, email: normalizeAddress(given.email, 'user address') });
  const patient = <T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    return work();
  };
  return Object.freeze({
    listTemplates: (options) => patient(options?.signal, () => offeredTemplates(context, who)),
    publish: (request, options) => patient(options?.signal, () => publish(context, who, request)),
    acquireUseLicense: (license, options) =>
      patient(options?.signal, () => acquireUseLicense(context, who, license, options?.contentName)),
    getClientLicensorCertificate: (options) => patient(options?.signal, () => clientLicensor(context, who)),
    registerForTracking: (license, name, options) =>
      patient(options?.signal, () => registerContent(context, who, license, name)),
    revoke: (contentId, options) =>
      patient(options?.signal, () => revokeContent(context, who, contentId, options?.user)),
    restore: (contentId, options) =>
      patient(options?.signal, () => restoreContent(context, who, contentId, options?.user)),
  } satisfies LicensingService);
}
