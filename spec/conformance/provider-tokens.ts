import { createHash, randomBytes } from 'node:crypto';
import { type OpenIdProvider, testClients, testScope } from './openid-provider.ts';

const unpadded = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

/** Signs in with authorization code and PKCE, and gives what the token endpoint answered. */
export async function signIn(at: OpenIdProvider, as = 'ana@contoso.com') {
  const verifier = unpadded(randomBytes(32));
  const url = new URL(`${at.issuer}/auth`);
  const redirectUri = 'http://127.0.0.1/';
  for (const [name, value] of Object.entries({
    client_id: testClients.people,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: `openid email ${testScope}`,
    code_challenge: unpadded(createHash('sha256').update(verifier).digest()),
    code_challenge_method: 'S256',
    state: 'state-1',
  }))
    url.searchParams.set(name, value);
  const back = await at.authorize(url, { as });
  return tokenRequest(at, {
    grant_type: 'authorization_code',
    client_id: testClients.people,
    code: back.searchParams.get('code') ?? '',
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
}

/** Sends a token request. */
export async function tokenRequest(at: OpenIdProvider, fields: Record<string, string>) {
  const response = await at.fetch(`${at.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  return (await response.json()) as { access_token: string; id_token: string };
}
