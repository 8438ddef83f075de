import { SealwrightError } from '../../errors.ts';
import { allowedServices, readChallenges, type TokenChallenge } from '../../licensing/index.ts';
import { printable } from '../printable.ts';
import type { Answered } from './answer-check.ts';
import type { Examination } from './examination.ts';
import { type Finding, finding } from './finding.ts';

/** Reads what the 401 says about signing in, and holds it against the trust configuration. */
export function checkChallenge(
  { target, options }: Examination,
  { url, headers }: Answered,
): { readonly finding: Finding; readonly challenge: TokenChallenge | undefined } {
  const tried = 'read the header WWW-Authenticate';
  const header = headers.get('www-authenticate');
  if (header === null || header.trim() === '') {
    return {
      challenge: undefined,
      finding: finding(target, 'challenge-missing', { tried, seen: 'there is none' }),
    };
  }
  const allowed = allowedServices({ trust: options.trust, named: [target.url] });
  let wanted = '';
  try {
    const challenges = readChallenges(header);
    const bearer = challenges.find(
      ({ scheme, parameters }) => scheme === 'bearer' && authorityOf(parameters),
    );
    if (bearer === undefined) {
      const schemes = challenges.map(({ scheme }) => printable(scheme.slice(0, 30))).join(', ');
      const seen = `no Bearer challenge with an authority, but ${schemes || 'nothing readable'}`;
      return { challenge: undefined, finding: finding(target, 'challenge-unreadable', { tried, seen }) };
    }
    wanted = authorityOf(bearer.parameters);
    const authority = allowed.authority(wanted, url);
    const named = bearer.parameters.get('resource');
    const realm = bearer.parameters.get('realm') || undefined;
    const resource = named || realm;
    const scope = bearer.parameters.get('scope') || (named ? realm : undefined);
    allowed.audience(resource, url);
    allowed.audience(scope, url);
    const seen = `sign in at ${authority}${resource ? ` for ${printable(resource.slice(0, 100))}` : ''}`;
    return {
      challenge: {
        authority,
        resource: resource ?? url.host,
        scope,
        claims: undefined,
        service: url.origin,
        user: options.user,
        refused: undefined,
      },
      finding: finding(target, 'challenge-good', { tried, seen, facts: { authority } }),
    };
  } catch (error) {
    const untrusted = error instanceof SealwrightError && error.code === 'UNTRUSTED_SERVICE';
    const elsewhere = untrusted && error.details.reason === 'authority-not-allowed';
    const why = error instanceof SealwrightError ? error.message : 'it cannot be read';
    const seen = elsewhere ? `sign in at ${printable(wanted.slice(0, 200))}` : why;
    const verdict = elsewhere
      ? 'challenge-untrusted'
      : untrusted
        ? 'challenge-unfit'
        : 'challenge-unreadable';
    return { challenge: undefined, finding: finding(target, verdict, { tried, seen }) };
  }
}

const authorityOf = (parameters: ReadonlyMap<string, string>): string =>
  parameters.get('authorization') || parameters.get('authorization_uri') || '';
