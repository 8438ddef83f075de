import { compactVerify } from 'jose';
import { SealwrightError } from '../../errors.ts';
import type { AdministratorRole, Caller, VerifyToken } from '../caller.ts';
import { checkClaims } from './check-claims.ts';
import type { Directory, DirectorySource } from './directory.ts';
import { type IssuerRules, identityOf, issuerRules } from './identity-of.ts';
import { type IssuerKey, type IssuerKeys, importKey, issuerKeys } from './issuer-keys.ts';
import { type Issuer, type IssuerSettings, issuersSchema } from './issuer-settings.ts';
import { maxTokenLength, readToken, type UnverifiedToken } from './read-token.ts';
import { tokenCache, tokenKey } from './token-cache.ts';
import { tokenRefused } from './token-refused.ts';

/** Who administers, as of now. A new object each time anything changes. */
export interface RoleBook {
  /** Roles of the person with this primary mail address. */
  of(email: string): ReadonlySet<AdministratorRole>;
}

/** What tokens are checked with. */
export interface TokenVerifierOptions {
  readonly issuers: readonly IssuerSettings[];
  readonly directory?: DirectorySource | undefined;
  readonly roles?: { current(): RoleBook; settle?(): Promise<void> | undefined } | undefined;
  /** Asks issuers for discovery documents and keys; the runtime's own by default. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly now?: (() => Date) | undefined;
  /** How many verified tokens are remembered. Default 20,000. */
  readonly cacheSize?: number | undefined;
}

/** Checks tokens, and can say whether its issuers are within reach. */
export interface TokenVerifier extends VerifyToken {
  /** Gets the keys of all issuers, as a server does before it says it is ready. Throws `SERVICE_UNAVAILABLE`. */
  load(): Promise<void>;
}

interface Verified {
  readonly caller: Caller;
  readonly expires: number;
  readonly key: IssuerKey;
  readonly keys: IssuerKeys;
  readonly directory: Directory | undefined;
  readonly roles: RoleBook | undefined;
}

const noRoles: ReadonlySet<AdministratorRole> = new Set();

/**
 * Checks bearer tokens against OpenID issuers side by side (spec/server.md, "Identity"). A verified token is
 * remembered until it expires, its key is withdrawn, or directory or roles change. The same caller object comes back
 * each time.
 *
 * @throws `INVALID_ARGUMENT` for settings that make no sense. What is returned throws `AUTHENTICATION_FAILED` with
 *   `details.reason`, or `SERVICE_UNAVAILABLE` where the issuer's keys cannot be had.
 * @example
 * ```ts
 * const verify = createTokenVerifier({
 *   issuers: [{ issuer: 'https://login.contoso.com', audience: ['api://rights'], domains: ['contoso.com'] }],
 * });
 * const { identity } = await verify(token);
 * ```
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const now = options.now ?? (() => new Date());
  const fetch = options.fetch ?? globalThis.fetch;
  const issuers = new Map(
    issuerRules(checkedIssuers(options.issuers)).map((rules) => [
      rules.issuer.issuer,
      { rules, keys: issuerKeys(rules.issuer, fetch, now) },
    ]),
  );
  const cache = tokenCache<Verified>(options.cacheSize ?? 20_000);
  const underWay = new Map<string, Promise<Caller>>();

  function remembered(name: string): Caller | undefined {
    const verified = cache.get(name);
    if (verified === undefined) return undefined;
    if (
      now().getTime() >= verified.expires ||
      verified.key.withdrawn ||
      verified.directory !== options.directory?.current() ||
      verified.roles !== options.roles?.current()
    ) {
      cache.delete(name);
      return undefined;
    }
    verified.keys.refreshIfOld();
    return verified.caller;
  }

  async function verify(token: string, name: string): Promise<Caller> {
    const read = readToken(token);
    const known = typeof read.claims.iss === 'string' ? issuers.get(read.claims.iss) : undefined;
    if (known === undefined)
      throw tokenRefused(
        'token-issuer',
        'The token comes from an issuer that this server does not accept. Sign in with one that it names.',
      );
    const { rules, keys } = known;
    const { issuer } = rules;
    if (!issuer.algorithms.includes(read.algorithm))
      throw tokenRefused(
        'token-algorithm',
        `The token is signed with ${read.algorithm}, which is not accepted from its issuer.`,
      );
    const key = await verifySignature(token, read, keys);
    const expires = checkClaims(read.claims, issuer, now().getTime());
    const directory = options.directory?.current();
    const roles = options.roles?.current();
    const caller = callerOf(read, rules, directory, roles);
    cache.set(name, { caller, expires, key, keys, directory, roles });
    return caller;
  }

  const verifier = (token: string): Promise<Caller> => {
    const directory = options.directory?.settle?.();
    const roles = options.roles?.settle?.();
    if (directory === undefined && roles === undefined) return checked(token);
    return Promise.all([directory, roles]).then(() => checked(token));
  };

  function checked(token: string): Promise<Caller> {
    // A token that is too long is not even hashed.
    const name = token.length > maxTokenLength ? '' : tokenKey(token);
    const caller = remembered(name);
    if (caller !== undefined) return Promise.resolve(caller);
    const running = underWay.get(name);
    if (running !== undefined) return running;
    const started = verify(token, name).finally(() => underWay.delete(name));
    underWay.set(name, started);
    return started;
  }

  return Object.assign(verifier, {
    async load() {
      await Promise.all([...issuers.values()].map(({ keys }) => keys.load()));
    },
  });
}

function callerOf(
  { claims }: UnverifiedToken,
  rules: IssuerRules,
  directory: Directory | undefined,
  roles: RoleBook | undefined,
): Caller {
  const { issuer } = rules;
  const identity = identityOf(claims, rules, directory);
  const home = issuer.kind === 'home';
  return Object.freeze({
    identity,
    issuer: issuer.issuer,
    subject: String(claims.sub),
    home,
    roles: (home ? roles?.of(identity.email) : undefined) ?? noRoles,
  });
}

/** The key whose signature it is. */
async function verifySignature(
  token: string,
  { algorithm, kid }: UnverifiedToken,
  keys: IssuerKeys,
): Promise<IssuerKey> {
  let cause: unknown;
  for (const key of await keys.find(algorithm, kid)) {
    try {
      await compactVerify(token, await importKey(key, algorithm), { algorithms: [algorithm] });
      return key;
    } catch (error) {
      cause = error;
    }
  }
  throw tokenRefused('token-signature', 'The signature of the token does not hold. Sign in again.', cause);
}

function checkedIssuers(settings: readonly IssuerSettings[]): readonly Issuer[] {
  const checked = issuersSchema.safeParse(settings);
  if (checked.success) return checked.data;
  const [first] = checked.error.issues;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `The settings of an issuer cannot be used: ${first?.path.join('.')}: ${first?.message}.`,
  );
}
