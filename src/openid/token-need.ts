import type { TokenChallenge } from '../licensing/index.ts';
import { signInFailure } from './failure.ts';
import { type Settings, scopesOf } from './settings.ts';

/** What a token must be good for. */
export interface TokenNeed {
  readonly resource: string | undefined;
  /** Beside what is asked for people. */
  readonly scopes: readonly string[];
  readonly claims: string | undefined;
}

/** Asked for people anyhow. */
const personScopeNames: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'offline_access']);

/** Hosts of the clouds' rights services, and what their tokens are for. */
const cloudServices = [
  { resource: 'https://aadrm.com', hosts: ['aadrm.com'] },
  { resource: 'https://aadrm.us', hosts: ['aadrm.us'] },
  { resource: 'https://aadrm.cn', hosts: ['aadrm.cn'] },
] as const;

/**
 * What to ask the issuer for, or a refusal: the issuer and the audience that a service names must be those this sign-in is for, else a
 * service could have itself given a token that opens another one (spec/sign-in.md, "Which tokens a service gets").
 */
export function tokenNeed(
  challenge: TokenChallenge,
  settings: Settings,
  authorizationEndpoint: string | undefined,
): TokenNeed {
  if (!isIssuer(challenge.authority, settings.issuer) && challenge.authority !== authorizationEndpoint) {
    throw signInFailure(
      'other-issuer',
      `${challenge.service} wants a token of ${challenge.authority}, and this sign-in is at ${settings.issuer}. Configure the issuer that the service names, if you know it.`,
      { host: hostOf(challenge.service) ?? '' },
    );
  }
  const resource = allowedResource(challenge, settings);
  const asked =
    settings.scope ??
    scopesOf(challenge.scope).filter((scope) => scope !== challenge.resource && !personScopeNames.has(scope));
  const foreign = asked.find(
    (scope) => settings.scope === undefined && isForeign(scope, challenge, settings),
  );
  if (foreign !== undefined) throw otherResource(challenge, foreign);
  return { resource, scopes: asked, claims: challenge.claims };
}

/** What to ask for when a person signs in before any service was asked. */
export const plainNeed = ({ resource, scope }: Settings): TokenNeed => ({
  resource: resource === false ? undefined : resource,
  scopes: scope ?? [],
  claims: undefined,
});

/** The issuer itself, or an address below it: services name the issuer's authorization endpoint too. */
export function isIssuer(authority: string, issuer: string): boolean {
  if (!URL.canParse(authority)) return false;
  const named = new URL(authority);
  const known = new URL(issuer);
  const path = (url: URL) => url.pathname.replace(/\/+$/, '');
  return (
    named.origin === known.origin &&
    named.username === '' &&
    (path(named) === path(known) || path(named).startsWith(`${path(known)}/`))
  );
}

function allowedResource(challenge: TokenChallenge, settings: Settings): string | undefined {
  if (settings.resource === false) return undefined;
  const { resource } = challenge;
  if (resource === undefined) return settings.resource;
  const allowed =
    settings.resource === undefined
      ? isOwn(resource, challenge.service)
      : trimmed(resource) === trimmed(settings.resource);
  if (!allowed) throw otherResource(challenge, resource);
  return settings.resource ?? resource;
}

function isOwn(resource: string, service: string): boolean {
  const host = hostOf(service);
  // What has a name or a gap in it is one thing to a URL parser and may be another to an issuer.
  if (host === undefined || /[\s@]/.test(resource)) return false;
  if (resource === host || hostOf(resource) === host) return true;
  return cloudServices.some(
    (cloud) =>
      trimmed(resource) === cloud.resource &&
      cloud.hosts.some((each) => host === each || host.endsWith(`.${each}`)),
  );
}

/**
 * Scopes may name a resource too: `https://graph.microsoft.com/.default`. Where the issuer is not told of the resource, it was not
 * checked either, and only the service's own address will do.
 */
function isForeign(scope: string, { resource, service }: TokenChallenge, settings: Settings): boolean {
  if (!scope.includes('/')) return false;
  if (resource === undefined || !scope.startsWith(`${trimmed(resource)}/`)) return true;
  return settings.resource === false && !isOwn(resource, service);
}

const otherResource = (challenge: TokenChallenge, named: string) =>
  signInFailure(
    'other-resource',
    `${challenge.service} wants a token for ${named}, which is not its own address. If that is right, configure it as resource.`,
    { host: hostOf(challenge.service) ?? '' },
  );

const trimmed = (text: string): string => text.replace(/\/+$/, '');
const hostOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).host : undefined);
