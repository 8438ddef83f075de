import { parseObject } from './fetch-json.ts';
import { type TokenAlgorithm, tokenAlgorithms } from './issuer-settings.ts';
import { tokenRefused } from './token-refused.ts';

/** Longest token that is looked at, in characters. HTTP servers seldom take longer headers. */
export const maxTokenLength = 16 * 1024;

/** A token before its signature was checked: nothing in it is true yet. */
export interface UnverifiedToken {
  readonly algorithm: TokenAlgorithm;
  readonly kid: string | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
}

const tokenTypes = new Set(['jwt', 'at+jwt', 'application/at+jwt', 'application/jwt']);

/** Takes a token apart. Throws `token-too-large`, `token-malformed`, `token-unsigned`, `token-algorithm`. */
export function readToken(token: string): UnverifiedToken {
  if (token.length > maxTokenLength)
    throw tokenRefused('token-too-large', `The token is longer than ${maxTokenLength} characters.`);
  const [first = '', second = '', signature, ...more] = token.split('.');
  const header = decoded(first);
  if (header === undefined || signature === undefined || more.length > 0) throw malformed();
  const { alg, kid, typ, crit } = header;
  if (typeof alg !== 'string' || (kid !== undefined && typeof kid !== 'string')) throw malformed();
  if (alg.toLowerCase() === 'none' || signature === '')
    throw tokenRefused(
      'token-unsigned',
      'The token is not signed, so it proves nothing. Sign in for one that is.',
    );
  const algorithm = tokenAlgorithms.find((known) => known === alg);
  if (algorithm === undefined)
    throw tokenRefused(
      'token-algorithm',
      'The token is signed in a way that is not accepted here: only asymmetric signatures are.',
    );
  const claims = decoded(second);
  // Nothing that a header could declare critical is understood here.
  if (claims === undefined || crit !== undefined) throw malformed();
  if (typ !== undefined && !(typeof typ === 'string' && tokenTypes.has(typ.toLowerCase()))) throw malformed();
  return { algorithm, kid, claims };
}

const malformed = () =>
  tokenRefused(
    'token-malformed',
    'The token is no access token that can be read here (a signed JWT). Sign in again.',
  );

function decoded(part: string): Readonly<Record<string, unknown>> | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) return undefined;
  try {
    return parseObject(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url')));
  } catch {
    return undefined;
  }
}
