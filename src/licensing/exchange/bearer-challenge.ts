import { decodeBase64, decodeUtf8 } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { AllowedServices } from './allowed-services.ts';
import { type Challenge, readChallenges } from './challenge-header.ts';
import { comparableWord, printableSentence } from './printable.ts';

/** What a service wants a token to be, checked against the trust configuration. */
export interface BearerChallenge {
  readonly authority: string;
  readonly resource: string;
  readonly scope: string | undefined;
  readonly claims: string | undefined;
}

/** Why the service sent a challenge again. */
export interface ChallengeError {
  readonly error: string | undefined;
  readonly description: string | undefined;
}

/**
 * Reads what a service asks for with a 401 (spec/rest.md, "Sign-in"); `undefined` where the header holds no Bearer challenge with
 * an authority. Of several, the first with an allowed authority. Throws `UNTRUSTED_SERVICE`, `MALFORMED_ANSWER` for claims that
 * make no sense, `LIMIT_EXCEEDED`.
 */
export function bearerChallenge(
  header: string | null,
  url: URL,
  allowed: AllowedServices,
): BearerChallenge | undefined {
  let refused: unknown;
  for (const challenge of bearers(header)) {
    const named = challenge.parameters.get('authorization') || challenge.parameters.get('authorization_uri');
    if (!named) continue;
    try {
      const authority = allowed.authority(named, url);
      const asked = { authority, ...audience(challenge, url), claims: claims(challenge, url) };
      allowed.audience(asked.resource, url);
      allowed.audience(asked.scope, url);
      return asked;
    } catch (error) {
      refused ??= error;
    }
  }
  if (refused !== undefined) throw refused;
  return undefined;
}

/** The error that a challenge names, if it does; its description without the token that was sent. */
export function challengeError(header: string | null, token?: string): ChallengeError {
  const parameters = bearers(header).find((challenge) => challenge.parameters.has('error'))?.parameters;
  return {
    error: comparableWord(parameters?.get('error')),
    description: printableSentence(parameters?.get('error_description'), token),
  };
}

const bearers = (header: string | null): readonly Challenge[] =>
  readChallenges(header ?? '').filter((challenge) => challenge.scheme === 'bearer');

/** With a `resource`, the realm stands for the scope; without one, it is the resource. */
function audience({ parameters }: Challenge, url: URL): Pick<BearerChallenge, 'resource' | 'scope'> {
  const resource = parameters.get('resource');
  const realm = parameters.get('realm');
  const scope = parameters.get('scope') || undefined;
  return resource
    ? { resource, scope: scope ?? (realm || undefined) }
    : { resource: realm || `${url.hostname}:${url.port || (url.protocol === 'http:' ? 80 : 443)}`, scope };
}

/** Claims come as JSON or as base64 of JSON, with either alphabet. */
function claims({ parameters }: Challenge, url: URL): string | undefined {
  const text = parameters.get('claims')?.trim();
  if (!text) return undefined;
  try {
    const json = text.startsWith('{') ? text : decodeUtf8(decodedBase64(text));
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return json;
  } catch {
    // Said below.
  }
  throw new SealwrightError(
    'MALFORMED_ANSWER',
    `${url.host} asks for claims that are neither JSON nor base64 of it. Ask who runs the service.`,
    { field: 'WWW-Authenticate.claims', host: url.hostname, status: 401 },
  );
}

function decodedBase64(text: string): Uint8Array {
  const bytes = decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
  if (bytes === undefined) throw new TypeError('no base64');
  return bytes;
}
