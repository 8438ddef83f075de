import { sha256 } from '@noble/hashes/sha2.js';
import { encodeHex } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import {
  issueServerLicensorCertificate,
  type KeyCustodian,
  keyBits,
  type ServerParty,
} from '../license/index.ts';
import { parseGuid, type RandomBytes, randomGuid } from '../rights/index.ts';
import type { AuthorityFacts } from './authority.ts';
import type { AuthorityContext, AuthoritySelf } from './context.ts';
import { type NetworkAddress, networkAddress } from './network-address.ts';
import type { AuthorityStore, JsonValue } from './store/authority-store.ts';

interface Beginning {
  /** Name of a new authority. */
  readonly name: string | undefined;
  readonly now: () => Date;
  readonly randomBytes: RandomBytes;
}

/** What the store says about its authority; a new store gets it written first. */
export async function establish(
  store: AuthorityStore,
  custodian: KeyCustodian,
  { name, now, randomBytes }: Beginning,
): Promise<AuthoritySelf> {
  const { publicKey } = custodian;
  const keySha256 = encodeHex(sha256(publicKey.modulus));
  const known = await store.getSetting('authority');
  if (known === undefined) {
    const createdAt = now();
    const facts: AuthorityFacts = {
      id: randomGuid(randomBytes),
      name: name ?? 'Sealwright authority',
      createdAt,
      keyBits: keyBits(publicKey),
      url: undefined,
      keySha256,
    };
    return keep(store, await certified(facts, custodian, createdAt, randomBytes));
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
  return selfOf({ ...stored, keyBits: keyBits(publicKey) }, custodian, certificate);
}

/** Gives the authority another address, or none, and a certificate that names it. */
export async function moveTo(
  { store, custodian, now, randomBytes, self }: AuthorityContext,
  address: NetworkAddress | undefined,
): Promise<AuthoritySelf> {
  const { facts } = self();
  if (facts.url === address?.url) return self();
  return keep(store, await certified({ ...facts, url: address?.url }, custodian, now(), randomBytes));
}

/** The certificate holds from the authority's beginning, so that it covers what was issued under an earlier one. */
async function certified(
  facts: AuthorityFacts,
  custodian: KeyCustodian,
  issuedAt: Date,
  randomBytes: RandomBytes,
): Promise<AuthoritySelf> {
  const server = serverParty(facts, custodian);
  const certificate = await issueServerLicensorCertificate({ server, custodian }, server, {
    id: randomGuid(randomBytes),
    issuedAt,
    validFrom: facts.createdAt,
    validUntil: new Date('2255-01-01T00:00:00Z'),
  });
  return selfOf(facts, custodian, certificate);
}

async function keep(store: AuthorityStore, self: AuthoritySelf): Promise<AuthoritySelf> {
  const { id, name, createdAt, keySha256, url } = self.facts;
  await store.transaction(async (records) => {
    await records.setSetting('authority', {
      id,
      name,
      createdAt: createdAt.toISOString(),
      keySha256,
      ...(url !== undefined && { url }),
    });
    await records.setSetting('server-licensor-certificate', self.serverCertificate);
  });
  return self;
}

function selfOf(facts: AuthorityFacts, custodian: KeyCustodian, serverCertificate: string): AuthoritySelf {
  const server = serverParty(facts, custodian);
  return { facts: Object.freeze(facts), server, issuer: { server, custodian }, serverCertificate };
}

/** What the store says of its authority; it may come from an export, so nothing in it is trusted. */
function storedFacts(setting: JsonValue): Omit<AuthorityFacts, 'keyBits'> | undefined {
  if (typeof setting !== 'object' || setting === null || Array.isArray(setting)) return undefined;
  const { id, name, createdAt, keySha256, url } = setting as Readonly<Record<string, JsonValue | undefined>>;
  if (typeof id !== 'string' || typeof name !== 'string') return undefined;
  if (typeof createdAt !== 'string' || typeof keySha256 !== 'string') return undefined;
  if (url !== undefined && !isAddress(url)) return undefined;
  const guid = parseGuid(id);
  const time = new Date(createdAt);
  return guid === undefined || Number.isNaN(time.getTime())
    ? undefined
    : { id: guid, name, createdAt: time, keySha256, url };
}

function isAddress(value: JsonValue): value is string {
  try {
    return typeof value === 'string' && networkAddress(value).url === value;
  } catch {
    return false;
  }
}

/** An authority without a network address is named by a URN where licenses want a URL. */
function serverParty({ id, name, url }: AuthorityFacts, { publicKey }: KeyCustodian): ServerParty {
  const party = { kind: 'server', id, name, publicKey } as const;
  if (url === undefined) return { ...party, url: `urn:uuid:${id}` };
  const { serverUrl, licensingUrl } = networkAddress(url);
  return { ...party, url: serverUrl, licensingUrl };
}
