import { type Identity, normalizeAddress } from '../../rights/index.ts';
import type { Claims } from './check-claims.ts';
import type { Directory } from './directory.ts';
import { domainOf, type Issuer } from './issuer-settings.ts';
import { tokenRefused } from './token-refused.ts';

/** An issuer and what it may say, seen among its neighbors. */
export interface IssuerRules {
  readonly issuer: Issuer;
  /** Whether it may speak for addresses of this domain. */
  speaksFor(domain: string): boolean;
}

/** Derives the rules of each issuer: one without domains of its own may speak for those of nobody else. */
export function issuerRules(issuers: readonly Issuer[]): readonly IssuerRules[] {
  return issuers.map((issuer) => {
    const own = issuer.domains && new Set(issuer.domains);
    const others = new Set(issuers.flatMap((other) => (other === issuer ? [] : (other.domains ?? []))));
    return { issuer, speaksFor: (domain) => (own === undefined ? !others.has(domain) : own.has(domain)) };
  });
}

/**
 * Whose token it is, from claims that hold (spec/server.md, "Identity"). Throws `email-missing`, `email-unverified`,
 * `email-domain`, `not-listed`.
 */
export function identityOf(claims: Claims, rules: IssuerRules, directory: Directory | undefined): Identity {
  const { issuer } = rules;
  const application = applicationAddress(claims, issuer);
  const own = application === undefined ? personAddresses(claims, rules, directory) : [application];
  const [email = ''] = own;
  if (application === undefined && issuer.people !== undefined && !isListed(own, issuer.people))
    throw tokenRefused(
      'not-listed',
      'You are not on the list of people who may use this service. Ask who runs it to add you.',
    );
  return Object.freeze({
    email,
    aliases: Object.freeze(own.slice(1)),
    groups: Object.freeze([...groupsOf(claims, own, rules, directory)]),
  });
}

/** An application is known by its subject, or by its client id in a token that stands for nobody else. */
function applicationAddress(claims: Claims, issuer: Issuer): string | undefined {
  const subject = text(claims.sub) ?? '';
  const mapped = (id: string | undefined) =>
    id !== undefined && Object.hasOwn(issuer.applications, id) ? issuer.applications[id] : undefined;
  const client = text(claims.client_id) ?? text(claims.azp) ?? text(claims.appid);
  const forItself =
    claims[issuer.emailClaim] === undefined &&
    (subject === client || claims.idtyp === 'app' || (claims.oid !== undefined && claims.oid === subject));
  return mapped(subject) ?? (forItself ? mapped(client) : undefined);
}

/** The person's addresses in this issuer's domains, the primary one first. */
function personAddresses(
  claims: Claims,
  { issuer, speaksFor }: IssuerRules,
  directory: Directory | undefined,
): readonly string[] {
  const claimed = text(claims[issuer.emailClaim]);
  const signInName = claimed === undefined ? undefined : addressOf(claimed);
  if (signInName === undefined)
    throw tokenRefused(
      'email-missing',
      `The token holds no mail address in its claim ${issuer.emailClaim}. Its issuer has to include it; an application has to be entered under applications.`,
    );
  if (issuer.emailVerified === 'claim' && claims[issuer.emailVerifiedClaim] !== true)
    throw tokenRefused(
      'email-unverified',
      'The mail address in the token is not verified. Verify it with your issuer, then sign in again.',
    );
  // A guest of the directory, under a name made up by it: their own issuer vouches for them.
  if (signInName.includes('#ext#@')) throw foreign();
  const { primary, aliases } = proxyAddresses(claims, issuer);
  // A sign-in name counts as an address only if the person has no others.
  const isSignInName = issuer.emailClaim !== 'email';
  const stated =
    isSignInName && aliases.length > 0
      ? [primary ?? (aliases.includes(signInName) ? signInName : (aliases[0] ?? signInName)), ...aliases]
      : [signInName, ...aliases];
  if (!speaksFor(domainOf(signInName))) throw foreign();
  const verified = stated.filter((address) => speaksFor(domainOf(address)));
  const person = [signInName, ...verified]
    .map((each) => directory?.person(each))
    .find((each) => each !== undefined);
  const listed =
    person === undefined
      ? []
      : [person.email, ...person.aliases].filter((address) => speaksFor(domainOf(address)));
  const known = new Set([
    ...listed,
    ...verified.filter((each) => !isSignInName || listed.length === 0 || each !== signInName),
  ]);
  if (known.size === 0) throw foreign();
  return [...known];
}

const foreign = () =>
  tokenRefused(
    'email-domain',
    'The issuer of the token may not speak for the domain of this mail address. Sign in with your own organization.',
  );

/** Addresses as directories list them: `SMTP:` before the primary one, `smtp:` or nothing before others. */
function proxyAddresses(
  claims: Claims,
  { aliasesClaim }: Issuer,
): { readonly primary: string | undefined; readonly aliases: readonly string[] } {
  let primary: string | undefined;
  const aliases = (aliasesClaim === undefined ? [] : texts(claims[aliasesClaim])).flatMap((entry) => {
    const [, kind, rest] = /^(?:([A-Za-z0-9]+):)?(.*)$/s.exec(entry) ?? [];
    if (kind !== undefined && kind.toLowerCase() !== 'smtp') return [];
    const address = addressOf(rest ?? '');
    if (address === undefined) return [];
    if (kind === 'SMTP') primary ??= address;
    return [address];
  });
  return { primary, aliases };
}

/** Groups from the token and from the directory. An issuer can name groups of its own domains only. */
function groupsOf(
  claims: Claims,
  own: readonly string[],
  { issuer, speaksFor }: IssuerRules,
  directory: Directory | undefined,
): ReadonlySet<string> {
  const named = (issuer.groupsClaim === undefined ? [] : texts(claims[issuer.groupsClaim])).flatMap(
    (name) => {
      // Ids are those of the organization's own directory: a partner could choose theirs to be equal.
      const address = addressOf(name) ?? (issuer.kind === 'home' ? directory?.groupById(name) : undefined);
      return address !== undefined && speaksFor(domainOf(address)) ? [address] : [];
    },
  );
  return new Set([...named, ...(directory?.groupsOf([...own, ...named]) ?? [])]);
}

const isListed = (own: readonly string[], people: readonly string[]): boolean =>
  own.some((address) => people.includes(address) || people.includes(domainOf(address)));

function addressOf(value: string): string | undefined {
  try {
    return normalizeAddress(value);
  } catch {
    return undefined;
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** A claim with several values; one value may stand alone. */
function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
