import type { Issuer } from './issuer-settings.ts';
import { tokenRefused } from './token-refused.ts';

/** OpenID Connect allows 255. Rate limits remember many of them. */
const maxSubjectLength = 1024;

/** The claims of a token, by name. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * Checks audience, times and required claims of a token whose signature holds, and gives the time (milliseconds) at
 * which it ends. Throws `AUTHENTICATION_FAILED`.
 */
export function checkClaims(claims: Claims, issuer: Issuer, now: number): number {
  checkAudience(claims.aud, issuer.audience);
  const skew = issuer.clockSkew * 1000;
  const expires = timeOf(claims, 'exp');
  if (expires === undefined) throw missing('exp');
  if (now >= expires + skew)
    throw tokenRefused(
      'token-expired',
      'The token has expired. Sign in again, and check the clock of this computer.',
    );
  for (const name of ['nbf', 'iat'])
    if ((timeOf(claims, name) ?? now) > now + skew)
      throw tokenRefused(
        'token-not-yet-valid',
        'The token is not valid yet. Check the clock of the computer that asked for it, and of its issuer.',
      );
  if (claims.cnf !== undefined)
    throw tokenRefused(
      'token-bound',
      'The token is bound to a key or certificate, which cannot be checked here. Ask for a plain bearer token.',
    );
  const { sub } = claims;
  if (typeof sub !== 'string' || sub === '' || sub.length > maxSubjectLength) throw missing('sub');
  for (const [name, wanted] of Object.entries(issuer.requiredClaims))
    if (!holds(name, claims[name], Array.isArray(wanted) ? wanted : [wanted])) throw missing(name);
  return expires;
}

function checkAudience(audience: unknown, accepted: readonly string[]): void {
  const named: readonly unknown[] = Array.isArray(audience) ? audience : [audience];
  if (named.some((each) => typeof each === 'string' && accepted.includes(each))) return;
  throw tokenRefused(
    'token-audience',
    `The token is meant for another service. Ask for one with the audience ${accepted[0]}.`,
  );
}

/** Seconds since 1970 as milliseconds. */
function timeOf(claims: Claims, name: string): number | undefined {
  const value = claims[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw tokenRefused(
      'token-malformed',
      `The claim ${name} of the token is no time. Its issuer has to correct that.`,
    );
  return value * 1000;
}

/** A claim may be one value or a list; scopes are a list in one string. */
function holds(name: string, value: unknown, wanted: readonly unknown[]): boolean {
  if (Array.isArray(value)) return value.some((each) => wanted.includes(each));
  if (typeof value === 'string' && (name === 'scp' || name === 'scope'))
    return value.split(' ').some((each) => wanted.includes(each));
  return wanted.includes(value);
}

const missing = (name: string) =>
  tokenRefused(
    'claim-missing',
    `The token lacks the claim ${name} or has another value there than this server wants. Ask who runs the service.`,
  );
