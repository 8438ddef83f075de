import { timingSafeEqual } from 'node:crypto';
import * as openid from 'openid-client';
import { signInFailure } from '../failure.ts';
import type { Issuer } from '../issuer.ts';
import { issuerFailure } from '../issuer-failure.ts';
import type { Settings } from '../settings.ts';
import type { Answer } from '../signed-in.ts';
import type { TokenNeed } from '../token-need.ts';

/** A sign-in that was begun and waits for the issuer's answer on the redirect. */
export interface Authorization {
  readonly url: string;
  /** Checks the answer and trades its code for tokens. Throws `AUTHENTICATION_FAILED`. */
  redeem(redirected: URL): Promise<Answer>;
}

/** What is asked for people beside the scope in question, as far as the issuer has it. */
export function personScopes({ metadata }: Issuer, need: TokenNeed): string {
  const offered = metadata.scopes_supported;
  const usual = ['profile', 'email', 'offline_access'].filter((scope) => offered?.includes(scope) ?? true);
  return [...new Set(['openid', ...usual, ...need.scopes])].join(' ');
}

/** `resource`, `claims` and what the application wants to be sent beside them (RFC 8707; OpenID Connect Core, 5.5). */
export const needParameters = (need: TokenNeed, { parameters }: Settings): Record<string, string> => ({
  ...parameters,
  ...(need.resource !== undefined && { resource: need.resource }),
  ...(need.claims !== undefined && { claims: need.claims }),
});

/** Begins an authorization code sign-in with PKCE, state and nonce. */
export async function beginAuthorization(
  issuer: Issuer,
  settings: Settings,
  need: TokenNeed,
  redirectUri: string,
  extra: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Authorization> {
  const client = issuer.client(signal);
  const verifier = openid.randomPKCECodeVerifier();
  const state = openid.randomState();
  const nonce = openid.randomNonce();
  if (issuer.metadata.authorization_endpoint === undefined) {
    throw signInFailure(
      'flow-not-offered',
      `${settings.issuer} offers no sign-in with a browser. Use another way.`,
    );
  }
  const url = openid.buildAuthorizationUrl(client, {
    ...needParameters(need, settings),
    redirect_uri: redirectUri,
    scope: personScopes(issuer, need),
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...extra,
  });
  return {
    url: url.href,
    async redeem(redirected) {
      const answer = redirected.searchParams;
      if (!sameText(answer.get('state') ?? '', state)) {
        throw signInFailure(
          'state-mismatch',
          'The answer belongs to another sign-in, an old one or one that somebody else began, so it was dropped. Sign in again.',
        );
      }
      const named = answer.get('iss');
      if (named !== null && named !== issuer.metadata.issuer) {
        throw signInFailure(
          'issuer-mismatch',
          'The answer comes from another issuer than the one that was asked, so it was dropped. Sign in again.',
        );
      }
      try {
        const { resource } = need;
        return await openid.authorizationCodeGrant(
          client,
          redirected,
          { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
          { ...settings.parameters, ...(resource !== undefined && { resource }) },
        );
      } catch (error) {
        signal?.throwIfAborted();
        throw issuerFailure(error, 'code', settings.issuer);
      }
    },
  };
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
