import { sha256 } from '@noble/hashes/sha2.js';
import { encodeHex } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import {
  type CertificateIssuer,
  issueServerLicensorCertificate,
  type KeyCustodian,
  keyBits,
  type ServerParty,
} from '../license/index.ts';
import type { LicensingService } from '../licensing/index.ts';
import {
  type Identity,
  normalizeAddress,
  parseGuid,
  type RandomBytes,
  randomGuid,
  systemRandomBytes,
} from '../rights/index.ts';
import { acquireUseLicense } from './acquire.ts';
import { exportArchive } from './archive/export-archive.ts';
import type { Authority, AuthorityFacts } from './authority.ts';
import { clientLicensor } from './client-licensor.ts';
import { registerContent, restoreContent, revokeContent } from './content.ts';
import type { AuthorityContext } from './context.ts';
import { publish } from './publish.ts';
import type { AuthorityStore, JsonValue } from './store/authority-store.ts';
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
  const { facts, certificate } = await establish(parts, now, randomBytes);
  const server = serverParty(facts, custodian);
  const issuer: CertificateIssuer = { server, custodian };
  const context: AuthorityContext = {
    store,
    custodian,
    server,
    issuer,
    anchor: { name: facts.name, modulusSha256: facts.keySha256 },
    serverCertificate: certificate,
    now,
    randomBytes,
  };
  return Object.freeze({
    facts,
    templates: authorityTemplates(context),
    as: (identity, request) =>
      licensingService(request === undefined ? context : { ...context, request }, identity),
    restore: (contentId, by, options) => restoreContent(context, { email: by }, contentId, options?.user),
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

interface Established {
  readonly facts: AuthorityFacts;
  readonly certificate: string;
}

/** What the store says about its authority; a new store gets it written first. */
async function establish(
  parts: AuthorityParts,
  now: () => Date,
  randomBytes: RandomBytes,
): Promise<Established> {
  const { store, custodian } = parts;
  const { publicKey } = custodian;
  const keySha256 = encodeHex(sha256(publicKey.modulus));
  const known = await store.getSetting('authority');
  if (known === undefined) {
    const createdAt = now();
    const facts: AuthorityFacts = {
      id: randomGuid(randomBytes),
      name: parts.name ?? 'Sealwright authority',
      createdAt,
      keyBits: keyBits(publicKey),
      keySha256,
    };
    const server = serverParty(facts, custodian);
    const certificate = await issueServerLicensorCertificate({ server, custodian }, server, {
      id: randomGuid(randomBytes),
      issuedAt: createdAt,
      validFrom: createdAt,
      validUntil: new Date('2255-01-01T00:00:00Z'),
    });
    await store.transaction(async (records) => {
      await records.setSetting('authority', {
        id: facts.id,
        name: facts.name,
        createdAt: createdAt.toISOString(),
        keySha256,
      });
      await records.setSetting('server-licensor-certificate', certificate);
    });
    return { facts, certificate };
  }
  const stored = storedFacts(known);
  const certificate = await store.getSetting('server-licensor-certificate');
  if (stored === undefined || typeof certificate !== 'string')
    throw new SealwrightError(
      'MALFORMED_ARCHIVE',
      'The records do not say whose they are: the id, the time or the certificate of the authority is missing or damaged. Use a backup or an export that nobody changed.',
    );
  if (stored.keySha256 !== keySha256)
    throw new SealwrightError(
      'AUTHORITY_EXISTS',
      'The store belongs to an authority with another key. Open it with the key it was made with, or use an empty store.',
    );
  return { facts: { ...stored, keyBits: keyBits(publicKey) }, certificate };
}

/** What the store says of its authority; it may come from an export, so nothing in it is trusted. */
function storedFacts(setting: JsonValue): Omit<AuthorityFacts, 'keyBits'> | undefined {
  if (typeof setting !== 'object' || setting === null || Array.isArray(setting)) return undefined;
  const { id, name, createdAt, keySha256 } = setting as Readonly<Record<string, JsonValue | undefined>>;
  if (typeof id !== 'string' || typeof name !== 'string') return undefined;
  if (typeof createdAt !== 'string' || typeof keySha256 !== 'string') return undefined;
  const guid = parseGuid(id);
  const time = new Date(createdAt);
  return guid === undefined || Number.isNaN(time.getTime())
    ? undefined
    : { id: guid, name, createdAt: time, keySha256 };
}

/** An authority without a network address is named by a URN where licenses want a URL. */
const serverParty = ({ id, name }: AuthorityFacts, { publicKey }: KeyCustodian): ServerParty => ({
  kind: 'server',
  id,
  name,
  url: `urn:uuid:${id}`,
  publicKey,
});
