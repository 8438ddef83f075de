import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenIdProvider, startOpenIdProvider, testClients, testScope } from './openid-provider.ts';

const payload = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));

describe('startOpenIdProvider', () => {
  let provider: OpenIdProvider;
  let config: client.Configuration;
  beforeAll(async () => {
    provider = await startOpenIdProvider({
      people: {
        'bob@contoso.com': { sub: 'b', email: 'bob@contoso.com', email_verified: false, groups: ['g'] },
      },
    });
    const fetching = provider.fetch as unknown as client.CustomFetch;
    config = await client.discovery(new URL(provider.issuer), testClients.people, undefined, client.None(), {
      [client.customFetch]: fetching,
    });
    config[client.customFetch] = fetching;
  });
  afterAll(() => provider.close());

  it('gives a JWT access token with the person’s claims for a code, and again for the refresh token', async () => {
    const verifier = client.randomPKCECodeVerifier();
    const back = await provider.authorize(
      client.buildAuthorizationUrl(config, {
        redirect_uri: 'http://127.0.0.1:4711/',
        scope: `openid ${testScope}`,
        resource: provider.resource,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }),
      { as: 'bob@contoso.com' },
    );
    const tokens = await client.authorizationCodeGrant(config, back, { pkceCodeVerifier: verifier });
    expect(payload(tokens.access_token)).toMatchObject({
      iss: provider.issuer,
      aud: provider.resource,
      scope: testScope,
      sub: 'b',
      email: 'bob@contoso.com',
      email_verified: false,
      groups: ['g'],
    });
    const again = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(payload(again.access_token)).toMatchObject({ aud: provider.resource, sub: 'b' });
    expect(again.refresh_token).not.toBe(tokens.refresh_token);
  });

  it('accepts a device code that somebody enters', async () => {
    const device = await client.initiateDeviceAuthorization(config, { scope: `openid ${testScope}` });
    await provider.enterDeviceCode(device.verification_uri_complete ?? '');
    const tokens = await client.pollDeviceAuthorizationGrant(config, { ...device, interval: 0.05 });
    expect(payload(tokens.access_token)).toMatchObject({
      aud: provider.resource,
      email: 'alice@contoso.com',
    });
  });
});
