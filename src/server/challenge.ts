import { SealwrightError } from '../errors.ts';
import { type Answer, json } from './answer.ts';
import type { ChallengeFacts } from './server-options.ts';

/** What a request tells about who sends it, before that is proven. */
interface Hint {
  /** The token that was refused. */
  readonly token?: string | undefined;
  /** The mail address for which a service is looked for. */
  readonly email?: string | undefined;
}

/**
 * The answer to a request without a token, or with a bad one (spec/server.md, "Sign-in"). One challenge and no more: clients
 * of the protocol do not expect a list.
 */
export function challengeAnswer(
  challenges: readonly [ChallengeFacts, ...ChallengeFacts[]],
  hint: Hint,
  refusal?: SealwrightError,
): Answer {
  const { authority, resource, scope } = challengeFor(challenges, hint);
  const parameters = [
    parameter('resource', resource),
    parameter('authorization', authority),
    parameter('realm', scope ?? resource),
  ];
  if (refusal === undefined)
    return json({ Message: 'Authorization has been denied for this request.' }, 401, {
      'www-authenticate': `Bearer ${parameters.join(', ')}`,
    });
  parameters.push(parameter('error', 'invalid_token'), parameter('error_description', refusal.message));
  const { reason } = refusal.details;
  return json(
    {
      Message: refusal.message,
      Sealwright: { Code: 'AUTHENTICATION_FAILED', ...(reason !== undefined && { Reason: reason }) },
    },
    401,
    { 'www-authenticate': `Bearer ${parameters.join(', ')}` },
  );
}

/** The token of an `Authorization` header; `undefined` if there is no such header. Throws `AUTHENTICATION_FAILED`. */
export function bearerToken(header: string | null): string | undefined {
  if (header === null) return undefined;
  if (header.length > longestToken) throw notWellFormed();
  const token = bearer.exec(header)?.[1];
  if (token === undefined) throw notWellFormed();
  return token;
}

const longestToken = 16 * 1024;
const bearer = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

const notWellFormed = (): SealwrightError =>
  new SealwrightError('AUTHENTICATION_FAILED', 'The authorization token is not well-formed.', {
    reason: 'token-malformed',
  });

function challengeFor(
  challenges: readonly [ChallengeFacts, ...ChallengeFacts[]],
  { token, email }: Hint,
): ChallengeFacts {
  if (challenges.length === 1) return challenges[0];
  const issuer = token === undefined ? undefined : statedIssuer(token);
  const domain = email?.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return (
    challenges.find((each) => issuer !== undefined && each.issuer === issuer) ??
    challenges.find((each) => domain !== undefined && each.domains?.includes(domain)) ??
    challenges[0]
  );
}

/** Whom a token names as its issuer. Nothing is believed because of it: it chooses among the configured challenges. */
function statedIssuer(token: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    if (typeof claims !== 'object' || claims === null || !('iss' in claims)) return undefined;
    return typeof claims.iss === 'string' ? claims.iss : undefined;
  } catch {
    return undefined;
  }
}

/** A header holds printable ASCII, and a quoted string no bare quote or backslash. */
const parameter = (name: string, value: string): string =>
  `${name}="${value
    .replace(/[^\x20-\x7e]/g, '?')
    .replace(/["\\]/g, "'")
    .slice(0, 1024)}"`;
