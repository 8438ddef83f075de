import { exportJWK, type GenerateKeyPairResult, generateKeyPair, type JWK, SignJWT } from 'jose';
import { randomGuid } from '../../rights/index.ts';
import type { SignedIn } from './signed-in.ts';

/** Seconds for which tokens are good. */
export const tokenLifetime = 3600;
const algorithm = 'RS256';
const keyId = 'development';

/** What a token is to say. */
export interface Grant {
  readonly clientId: string;
  readonly scope: string;
  /** Who signed in; absent for an application. */
  readonly who: SignedIn | undefined;
  readonly nonce: string | undefined;
}

/** Signs tokens with a key that is made here and never leaves this process. */
export interface TokenMinter {
  readonly algorithm: string;
  keySet(): Promise<{ readonly keys: readonly JWK[] }>;
  accessToken(grant: Grant): Promise<string>;
  idToken(grant: Grant): Promise<string>;
}

export function tokenMinter(issuer: string, audience: string, now: () => Date): TokenMinter {
  let made: Promise<GenerateKeyPairResult> | undefined;
  const pair = () => {
    made ??= generateKeyPair(algorithm, { modulusLength: 2048 });
    return made;
  };

  async function sign(claims: Readonly<Record<string, unknown>>, type: string, to: string): Promise<string> {
    const issuedAt = Math.floor(now().getTime() / 1000);
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: algorithm, kid: keyId, typ: type })
      .setIssuer(issuer)
      .setAudience(to)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + tokenLifetime)
      .setJti(randomGuid())
      .sign((await pair()).privateKey);
  }

  return {
    algorithm,
    async keySet() {
      const jwk = await exportJWK((await pair()).publicKey);
      return { keys: [{ ...jwk, kid: keyId, use: 'sig', alg: algorithm }] };
    },
    accessToken: ({ clientId, scope, who }) =>
      sign(
        { ...(who === undefined ? { sub: clientId } : personClaims(who)), client_id: clientId, scope },
        'at+jwt',
        audience,
      ),
    idToken: ({ clientId, who, nonce }) =>
      sign(
        { ...(who !== undefined && personClaims(who)), ...(nonce !== undefined && { nonce }) },
        'JWT',
        clientId,
      ),
  };
}

/** Claims about somebody. */
const personClaims = ({ email, groups }: SignedIn): Readonly<Record<string, unknown>> => ({
  sub: email,
  email,
  email_verified: true,
  preferred_username: email,
  name: email.slice(0, email.lastIndexOf('@')),
  groups,
});
