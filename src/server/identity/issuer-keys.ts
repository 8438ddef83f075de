import { importJWK } from 'jose';
import { isLoopbackHost } from '../../licensing/index.ts';
import { fetchJson } from './fetch-json.ts';
import type { Issuer, TokenAlgorithm } from './issuer-settings.ts';
import { isSafeUrl } from './safe-url.ts';
import { issuerFailed, tokenRefused } from './token-refused.ts';
import { fitsAlgorithm, readVerificationKey, type VerificationKey } from './verification-key.ts';

/** How long a key set counts as fresh: a withdrawn key stops working after this time at the latest. */
const maxAge = 10 * 60_000;
/** How long an old key set serves on while the issuer cannot be reached. */
const maxStale = 24 * 60 * 60_000;
/** The shortest time between two requests that an unknown key id causes. */
const unknownKeyCooldown = 30_000;
/** The shortest time between a failed request and the next. */
const failureCooldown = 5_000;
const maxKeys = 100;
const maxCandidates = 4;

/** A key of an issuer, as tokens in the cache remember it. */
export interface IssuerKey extends VerificationKey {
  /** Set once the issuer no longer publishes this key. */
  withdrawn: boolean;
  readonly imported: Map<TokenAlgorithm, Promise<CryptoKey>>;
}

/** The keys with which an issuer signs, kept up to date. */
export interface IssuerKeys {
  /** Keys that may have made a signature. Throws `token-key-unknown`, `token-key-too-small`, `SERVICE_UNAVAILABLE`. */
  find(algorithm: TokenAlgorithm, kid: string | undefined): Promise<readonly IssuerKey[]>;
  /** Gets the key set if there is none yet. Throws `SERVICE_UNAVAILABLE`. */
  load(): Promise<void>;
  /** Starts getting an old key set anew, without waiting for it. */
  refreshIfOld(): void;
}

/** Gets an issuer's key set by OpenID discovery, or from where the settings say (spec/server.md, "Identity"). */
export function issuerKeys(issuer: Issuer, fetch: typeof globalThis.fetch, now: () => Date): IssuerKeys {
  const fixed = typeof issuer.jwks === 'object';
  const time = (): number => now().getTime();
  let keys: readonly IssuerKey[] | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let failedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;
  let running: Promise<void> | undefined;

  async function replace(): Promise<void> {
    try {
      const fresh = readKeySet(await keySet(issuer, fetch));
      const before = new Map(keys?.map((key) => [identityOf(key), key]));
      keys = fresh.map((key) => {
        const kept = before.get(identityOf(key));
        before.delete(identityOf(key));
        return kept ?? key;
      });
      for (const gone of before.values()) gone.withdrawn = true;
      fetchedAt = time();
    } catch (error) {
      failedAt = time();
      failure = error;
      throw error;
    }
  }

  /** One request at a time, whoever asks for it. */
  function refresh(): Promise<void> {
    if (running !== undefined) return running;
    if (time() - failedAt < failureCooldown) return Promise.reject(failure);
    running = replace().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function current(): Promise<readonly IssuerKey[]> {
    const age = time() - fetchedAt;
    if (keys === undefined) await refresh();
    else if (!fixed && age > maxAge)
      await refresh().catch((error: unknown) => {
        if (age > maxStale) throw error;
      });
    return keys ?? [];
  }

  return {
    async load() {
      await current();
    },
    refreshIfOld() {
      if (!fixed && time() - fetchedAt > maxAge) refresh().catch(() => undefined);
    },
    async find(algorithm, kid) {
      const fitting = (among: readonly IssuerKey[]) =>
        among.filter((key) => fitsAlgorithm(key, algorithm) && (kid === undefined || key.kid === kid));
      let found = fitting(await current());
      if (found.length === 0 && !fixed && time() - fetchedAt >= unknownKeyCooldown) {
        await refresh();
        found = fitting(keys ?? []);
      }
      if (found.length === 0)
        throw tokenRefused(
          'token-key-unknown',
          'The token is signed with a key that its issuer does not publish. Sign in again for a fresh token.',
        );
      const usable = found.filter((key) => !key.tooSmall);
      if (usable.length === 0)
        throw tokenRefused(
          'token-key-too-small',
          'The token is signed with an RSA key of less than 2048 bits. Its issuer has to use a larger one.',
        );
      return usable.slice(0, maxCandidates);
    },
  };
}

/** The key in the form that checks signatures. Throws where it is no key after all. */
export function importKey(key: IssuerKey, algorithm: TokenAlgorithm): Promise<CryptoKey> {
  // An RSA key may serve several algorithms, and WebCrypto wants to know which.
  const known = key.imported.get(algorithm);
  if (known !== undefined) return known;
  const imported = importJWK({ ...key.jwk }, algorithm) as Promise<CryptoKey>;
  key.imported.set(algorithm, imported);
  return imported;
}

async function keySet(
  issuer: Issuer,
  fetch: typeof globalThis.fetch,
): Promise<Readonly<Record<string, unknown>>> {
  if (typeof issuer.jwks === 'object') return issuer.jwks;
  return fetchJson(
    fetch,
    issuer.jwks === undefined ? await discoverKeySet(issuer.issuer, fetch) : new URL(issuer.jwks),
    'key set',
  );
}

async function discoverKeySet(issuer: string, fetch: typeof globalThis.fetch): Promise<URL> {
  const url = new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const what = 'discovery document';
  const discovered = await fetchJson(fetch, url, what);
  if (discovered.issuer !== issuer)
    throw issuerFailed('issuer-answer', url, `${what} names another issuer than the one configured`);
  const { jwks_uri: uri } = discovered;
  if (typeof uri !== 'string' || !isSafeUrl(uri))
    throw issuerFailed('issuer-answer', url, `${what} names no https address of a key set`);
  const keys = new URL(uri);
  // An issuer out there must not make this machine ask itself.
  if (keys.origin !== url.origin && isLoopbackHost(keys.hostname) && !isLoopbackHost(url.hostname))
    throw issuerFailed('issuer-answer', url, `${what} points to this machine itself`);
  return keys;
}

function readKeySet(set: Readonly<Record<string, unknown>>): readonly IssuerKey[] {
  const entries = Array.isArray(set.keys) ? set.keys.slice(0, maxKeys) : [];
  return entries.flatMap((entry) => {
    const key = readVerificationKey(entry);
    return key === undefined ? [] : [{ ...key, withdrawn: false, imported: new Map() }];
  });
}

const identityOf = ({ kid, algorithm, jwk }: IssuerKey): string => JSON.stringify([kid, algorithm, jwk]);
