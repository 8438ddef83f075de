import { SealwrightError } from '../errors.ts';
import type { TokenChallenge } from '../licensing/index.ts';
import { type Cloud, clouds } from './clouds.ts';
import type { MsalOptions } from './msal-options.ts';

const refuse = (reason: string, message: string): SealwrightError =>
  new SealwrightError('AUTHENTICATION_FAILED', message, { reason });

/** Tenants that stand for many. */
const openTenants = ['common', 'organizations', 'consumers'];
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const cloudOf = ({ cloud = 'commercial' }: Pick<MsalOptions, 'cloud'>): Cloud => clouds[cloud];

/** The authority MSAL asks: always the configured one, whatever a service names. */
export const authorityOf = (options: Pick<MsalOptions, 'issuer' | 'cloud' | 'tenant'>): string =>
  options.issuer ?? `https://${cloudOf(options).host}/${options.tenant ?? 'organizations'}`;

/** Refuses a challenge that wants tokens of somebody else. Throws `AUTHENTICATION_FAILED`, reason `other-issuer`. */
export function requireAuthority(challenge: TokenChallenge, options: MsalOptions): void {
  const named = URL.canParse(challenge.authority) ? new URL(challenge.authority) : undefined;
  const allowed =
    named !== undefined &&
    named.protocol === 'https:' &&
    named.username === '' &&
    (options.issuer === undefined ? isTenant(named, options) : isBelow(named, new URL(options.issuer)));
  if (allowed) return;
  throw refuse(
    'other-issuer',
    `${challenge.service} wants a token of ${challenge.authority}, and this sign-in is at ${authorityOf(options)}. Configure the tenant, cloud or issuer that the service names, if you know it.`,
  );
}

/**
 * The scopes that stand for the audience a service names: its `/.default` for applications, its `/user_impersonation` for people. A service gets tokens for
 * its own address, the configured resource, or the rights service of the cloud it belongs to; else it could have itself given a
 * token that opens something else. Throws `AUTHENTICATION_FAILED`, reason `other-resource`.
 */
export function scopesFor(
  challenge: TokenChallenge,
  options: MsalOptions,
  permission: '.default' | 'user_impersonation',
): string[] {
  const resource = resourceFor(challenge, options);
  if (options.scopes !== undefined) return [...options.scopes];
  if (options.issuer !== undefined) {
    const scopes = (challenge.scope ?? '').split(/\s+/).filter((scope) => scope !== '' && scope !== resource);
    // Scopes may name a resource too.
    const foreign = scopes.find((scope) => scope.includes('/') && !scope.startsWith(`${trimmed(resource)}/`));
    if (foreign !== undefined) throw otherResource(challenge, foreign);
    return scopes;
  }
  return [`${resource}/${permission}`];
}

/** The audience of the token. */
export function resourceFor(challenge: TokenChallenge, options: MsalOptions): string {
  const cloud = options.issuer === undefined ? cloudOf(options) : undefined;
  const named = challenge.resource ?? options.resource ?? cloud?.resource ?? '';
  const host = URL.canParse(challenge.service) ? new URL(challenge.service).host : '';
  const isConfigured = options.resource !== undefined && trimmed(named) === trimmed(options.resource);
  const isOwn =
    options.resource === undefined &&
    // What has a name or a gap in it is one thing to a URL parser and may be another, or several, to an issuer.
    !/[\s@]/.test(named) &&
    (named === '' || named === host || (URL.canParse(named) && new URL(named).host === host));
  const isCloud =
    options.resource === undefined &&
    cloud !== undefined &&
    trimmed(named) === cloud.resource &&
    (host === cloud.service || host.endsWith(`.${cloud.service}`));
  if (isConfigured || isOwn || isCloud) return named;
  throw otherResource(challenge, named);
}

const otherResource = ({ service }: TokenChallenge, named: string): SealwrightError =>
  refuse(
    'other-resource',
    `${service} wants a token for ${named}, which is not its own address. If that is right, configure it as resource.`,
  );

function isTenant(named: URL, options: MsalOptions): boolean {
  if (!cloudOf(options).hosts.includes(named.host)) return false;
  const theirs = decodeURIComponent(named.pathname.split('/')[1] ?? '').toLowerCase();
  const ours = (options.tenant ?? 'organizations').toLowerCase();
  // An id and a domain may well be the same tenant; the token comes from the configured one in any case.
  return (
    theirs === ours ||
    theirs === '' ||
    openTenants.includes(theirs) ||
    openTenants.includes(ours) ||
    guid.test(theirs) !== guid.test(ours)
  );
}

function isBelow(named: URL, issuer: URL): boolean {
  const path = trimmed(issuer.pathname);
  return (
    named.origin === issuer.origin &&
    (trimmed(named.pathname) === path || named.pathname.startsWith(`${path}/`))
  );
}

const trimmed = (text: string): string => text.replace(/\/+$/, '');
