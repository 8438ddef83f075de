import { SealwrightError } from '../errors.ts';
import type { Identity } from './access.ts';
import type { Principal } from './grant.ts';
import { quoteBriefly } from './rights.ts';

/** Anyone who signed in, whoever that is. */
export const authenticatedUsers = 'AuthenticatedUsers';

/** Whoever owns the content. */
export const ownerPrincipal = 'IPC_USER_ID_OWNER';

/** What a principal stands for. A user and a group look alike: both are a mail address. */
export type PrincipalKind = 'address' | 'domain' | 'authenticated-users' | 'owner';

// Azure RMS writes "everyone of this organization" as a mail address with this fixed local part.
const allStaff = 'allstaff-7184ab3f-ccd1-46f3-8233-3e09e9cf0e66';
const maxAddressLength = 320;
const maxDomainLength = 253;
const localPart = /^[^\s@<>"(),:;[\]\\\p{C}]{1,64}$/u;
const asciiDomain =
  /^(?=.{3,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const unicodeDomain = /^[\p{L}\p{M}\p{N}_.-]+$/u;

/**
 * A mail address in the form in which addresses are compared: trimmed, lower case, an internationalized
 * domain in its ASCII form.
 *
 * @param what - names the thing in the message, for example `owner`.
 * @throws SealwrightError `INVALID_ARGUMENT`
 */
export function normalizeAddress(text: string, what = 'e-mail address'): string {
  const address = readAddress(text);
  if (address === undefined)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `${quoteBriefly(text)} is not a valid ${what}: expected a mail address such as bob@contoso.com.`,
    );
  return address;
}

/**
 * A principal in the form in which grants store it. The all-staff address of Azure RMS becomes its domain.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` if `text` is neither a mail address, a domain, `AuthenticatedUsers`
 * nor `IPC_USER_ID_OWNER`.
 * @example
 * ```ts
 * normalizePrincipal(' Bob@Contoso.com '); // 'bob@contoso.com'
 * normalizePrincipal('authenticatedusers'); // 'AuthenticatedUsers'
 * ```
 */
export function normalizePrincipal(text: string): Principal {
  const principal = readPrincipal(text);
  if (principal === undefined)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `${quoteBriefly(text)} names nobody: write a mail address (bob@contoso.com), a domain (contoso.com), ${authenticatedUsers} or ${ownerPrincipal}.`,
    );
  return principal;
}

/** What `principal` stands for. Throws `INVALID_ARGUMENT` like {@link normalizePrincipal}. */
export function principalKind(principal: Principal): PrincipalKind {
  const normal = normalizePrincipal(principal);
  if (normal === authenticatedUsers) return 'authenticated-users';
  if (normal === ownerPrincipal) return 'owner';
  return normal.includes('@') ? 'address' : 'domain';
}

/** An identity whose addresses are normalized, ready to be matched many times. */
export interface KnownAddresses {
  /** The person's own addresses. */
  readonly own: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  readonly domains: ReadonlySet<string>;
}

/** Normalizes every address of an identity once. Throws `INVALID_ARGUMENT` for one that is no mail address. */
export function knownAddresses(who: Identity): KnownAddresses {
  const own = new Set(
    [who.email, ...(who.aliases ?? [])].map((each) => normalizeAddress(each, 'user address')),
  );
  return {
    own,
    groups: new Set((who.groups ?? []).map((each) => normalizeAddress(each, 'group address'))),
    domains: new Set([...own].map((address) => address.slice(address.lastIndexOf('@') + 1))),
  };
}

/**
 * Whether a grant to `principal` reaches this person. A principal that cannot be read reaches nobody.
 * Domains match exactly: `contoso.com` does not include `mail.contoso.com`, and a group's domain does not count.
 *
 * @param owner - mail address of the content's owner.
 * @throws SealwrightError `INVALID_ARGUMENT` if an address of `who` is no mail address.
 */
export const matchesPrincipal = (principal: Principal, who: Identity, owner: string): boolean =>
  matchesKnown(principal, knownAddresses(who), owner);

/** {@link matchesPrincipal} for an identity that was normalized before. */
export function matchesKnown(principal: Principal, who: KnownAddresses, owner: string): boolean {
  const normal = readPrincipal(principal);
  if (normal === undefined) return false;
  if (normal === authenticatedUsers) return true;
  if (normal === ownerPrincipal) return isSamePerson(owner, who);
  return normal.includes('@') ? who.own.has(normal) || who.groups.has(normal) : who.domains.has(normal);
}

/** Whether `address` is one of the person's own addresses. */
export function isSamePerson(address: string, who: KnownAddresses): boolean {
  const normal = readAddress(address);
  return normal !== undefined && who.own.has(normal);
}

function readPrincipal(text: string): Principal | undefined {
  const trimmed = text.trim();
  if (trimmed.length > maxAddressLength) return undefined;
  const lower = trimmed.toLowerCase();
  if (lower === 'authenticatedusers') return authenticatedUsers;
  if (lower === 'ipc_user_id_owner') return ownerPrincipal;
  if (!trimmed.includes('@')) return readDomain(trimmed);
  const address = readAddress(trimmed);
  return address?.startsWith(`${allStaff}@`) ? address.slice(allStaff.length + 1) : address;
}

// The same few people come again and again, and looking at an address letter by letter is most of an access decision.
const addressesRead = new Map<string, string | undefined>();
const mostAddressesRead = 2048;

function readAddress(text: string): string | undefined {
  const known = addressesRead.get(text);
  if (known !== undefined || text.length > maxAddressLength) return known;
  const address = readFreshAddress(text);
  if (addressesRead.size >= mostAddressesRead) addressesRead.clear();
  addressesRead.set(text, address);
  return address;
}

function readFreshAddress(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > maxAddressLength || !isNormal(trimmed)) return undefined;
  const at = trimmed.lastIndexOf('@');
  const local = trimmed.slice(0, Math.max(at, 0));
  if (!localPart.test(local)) return undefined;
  const domain = readDomain(trimmed.slice(at + 1));
  return domain === undefined ? undefined : `${local.toLowerCase()}@${domain}`;
}

function readDomain(text: string): string | undefined {
  if (text.length > maxDomainLength || !isNormal(text)) return undefined;
  const lower = text.toLowerCase();
  if (asciiDomain.test(lower)) return lower;
  if (!unicodeDomain.test(lower) || !/\P{ASCII}/u.test(lower)) return undefined;
  const ascii = asciiHost(lower);
  return ascii !== undefined && asciiDomain.test(ascii) ? ascii : undefined;
}

/** The URL parser is the one place in every runtime that knows the ASCII form of an internationalized domain. */
function asciiHost(domain: string): string | undefined {
  try {
    return new URL(`https://${domain}/`).hostname;
  } catch {
    return undefined;
  }
}

// Letters that only look different (U+212A KELVIN SIGN) would lower-case to plain ASCII and let a second
// address pass for the first; none of them survives NFC.
const isNormal = (text: string): boolean => text === text.normalize('NFC');
