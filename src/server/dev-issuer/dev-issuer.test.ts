import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import { describe, expect, it } from 'vitest';
import { createTokenVerifier } from '../identity/token-verifier.ts';
import { createDevIssuer, type DevIssuer } from './dev-issuer.ts';

const url = 'http://127.0.0.1:8181/issuer';
const redirectUri = 'http://127.0.0.1:51234/callback';

function setUp(at: string = url) {
  const clock = { time: Date.now() };
  const issuer = createDevIssuer({ url: at, now: () => new Date(clock.time) });
  const fetch: typeof globalThis.fetch = (input, init) => issuer.fetch(new Request(input, init));
  return { issuer, clock, fetch, verify: createTokenVerifier({ issuers: [issuer.settings], fetch }) };
}

async function configuration(
  issuer: DevIssuer,
  id = 'sealwright-cli',
  authentication?: client.ClientAuth,
): Promise<client.Configuration> {
  const found = await client.discovery(
    new URL(issuer.issuer),
    id,
    undefined,
    authentication ?? client.None(),
    {
      execute: [client.allowInsecureRequests],
      [client.customFetch]: (input, init) =>
        issuer.fetch(new Request(input, init as RequestInit)) as Promise<Response>,
    },
  );
  return found;
}

async function authorizationUrl(config: client.Configuration, more: Record<string, string> = {}) {
  const verifier = client.randomPKCECodeVerifier();
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: 'state-1',
    nonce: 'nonce-1',
    ...more,
  });
  return { verifier, address };
}

const checks = { expectedState: 'state-1', expectedNonce: 'nonce-1' };
const automatic = { login_hint: 'ana@contoso.com', sealwright_sign_in: 'auto' };

describe('createDevIssuer', () => {
  it.each(['http://rms.contoso.com/issuer', 'https://192.0.2.1', 'http://127.0.0.1.contoso.com/issuer'])(
    'refuses to run at %s',
    (elsewhere) => {
      expect(() => createDevIssuer({ url: elsewhere })).toThrow('on this machine only');
    },
  );

  it('does not answer another machine, whatever name that calls it by', async () => {
    const { issuer } = setUp();
    const ask = (address: string) => issuer.fetch(new Request(`${url}/keys`), { address });
    expect((await ask('192.0.2.7')).status).toBe(421);
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
      expect((await ask(address)).status).toBe(200);
  });

  it('does not answer under a name that leads here from outside', async () => {
    const { issuer } = setUp();
    const response = await issuer.fetch(new Request('http://evil.example:8181/issuer/keys'));
    expect(response.status).toBe(421);
  });

  it('says in its discovery document that it is for development', async () => {
    const { issuer } = setUp();
    for (const prefix of ['/issuer', '']) {
      const response = await issuer.fetch(
        new Request(`http://127.0.0.1:8181${prefix}/.well-known/openid-configuration`),
      );
      expect(await response.json()).toMatchObject({ issuer: url, sealwright_development: true });
    }
  });

  it('signs somebody in with authorization code and PKCE, and again with the refresh token', async () => {
    const { issuer, verify } = setUp();
    const config = await configuration(issuer);
    const { verifier, address } = await authorizationUrl(config, { login_hint: 'ana@contoso.com' });
    const shown = await issuer.fetch(new Request(address));
    const page = await shown.text();
    expect(page).toContain('For development only.');
    expect(page).toContain('value="ana@contoso.com"');
    expect(shown.headers.get('content-security-policy')).toContain(
      "form-action 'self' http://127.0.0.1:51234",
    );

    const form = new URLSearchParams(address.search);
    form.set('email', 'Ana@Contoso.com');
    form.set('groups', 'legal@contoso.com, board@contoso.com');
    const sent = await issuer.fetch(new Request(`${url}/authorize`, { method: 'POST', body: form }));
    expect(sent.status).toBe(303);
    const back = new URL(sent.headers.get('location') ?? '');
    const options = { pkceCodeVerifier: verifier, ...checks };
    const tokens = await client.authorizationCodeGrant(config, back, options);
    expect(tokens.claims()).toMatchObject({ sub: 'ana@contoso.com', email: 'ana@contoso.com' });
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
    expect((await verify(tokens.access_token)).identity).toEqual({
      email: 'ana@contoso.com',
      aliases: [],
      groups: ['legal@contoso.com', 'board@contoso.com'],
    });
    await expect(client.authorizationCodeGrant(config, back, options)).rejects.toMatchObject({
      error: 'invalid_grant',
    });

    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect((await verify(refreshed.access_token)).identity.email).toBe('ana@contoso.com');
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('answers a command line at once that says who signs in', async () => {
    const { issuer, verify } = setUp();
    const config = await configuration(issuer);
    const { verifier, address } = await authorizationUrl(config, {
      ...automatic,
      groups: 'legal@contoso.com',
    });
    const response = await issuer.fetch(new Request(address));
    const back = new URL(response.headers.get('location') ?? '');
    const tokens = await client.authorizationCodeGrant(config, back, {
      pkceCodeVerifier: verifier,
      ...checks,
    });
    expect((await verify(tokens.access_token)).identity.groups).toEqual(['legal@contoso.com']);
  });

  it('signs a device in', async () => {
    const { issuer, clock, verify } = setUp();
    const config = await configuration(issuer);
    const device = await client.initiateDeviceAuthorization(config, { scope: 'openid email' });
    const poll = () =>
      client.genericGrantRequest(config, 'urn:ietf:params:oauth:grant-type:device_code', {
        device_code: device.device_code,
      });
    await expect(poll()).rejects.toMatchObject({ error: 'authorization_pending' });
    await expect(poll()).rejects.toMatchObject({ error: 'slow_down' });
    const page = await issuer.fetch(new Request(device.verification_uri_complete ?? ''));
    expect(await page.text()).toContain(`value="${device.user_code}"`);
    const approve = (code: string) =>
      issuer.fetch(
        new Request(device.verification_uri, {
          method: 'POST',
          body: new URLSearchParams({ user_code: code, email: 'bo@contoso.com', groups: '' }),
        }),
      );
    expect((await approve('AAAA-AAAA')).status).toBe(400);
    expect((await approve(device.user_code.toLowerCase().replace('-', ' '))).status).toBe(200);
    clock.time += 2000;
    const tokens = await poll();
    expect((await verify(tokens.access_token)).identity.email).toBe('bo@contoso.com');
    await expect(poll()).rejects.toMatchObject({ error: 'expired_token' });
  });

  it('gives its application a token of its own', async () => {
    const { issuer, verify } = setUp();
    for (const authentication of [
      client.ClientSecretBasic('sealwright-service'),
      client.ClientSecretPost('sealwright-service'),
    ]) {
      const config = await configuration(issuer, 'sealwright-service', authentication);
      const tokens = await client.clientCredentialsGrant(config);
      expect((await verify(tokens.access_token)).identity.email).toBe(
        'sealwright-service@development.invalid',
      );
    }
    const wrong = await configuration(issuer, 'sealwright-service', client.ClientSecretPost('wrong'));
    await expect(client.clientCredentialsGrant(wrong)).rejects.toMatchObject({ error: 'invalid_client' });
  });

  it.each([
    ['another client', { client_id: 'other' }],
    ['a redirect elsewhere', { redirect_uri: 'https://evil.example/callback' }],
    [
      'a redirect to a name that only begins like this machine',
      { redirect_uri: 'http://127.0.0.1.evil.example/' },
    ],
    ['a redirect with credentials', { redirect_uri: 'http://a:b@127.0.0.1/' }],
    ['a redirect that is a script', { redirect_uri: 'javascript:alert(1)' }],
  ])('redirects nowhere for %s', async (_what, changed) => {
    const { issuer } = setUp();
    const { address } = await authorizationUrl(await configuration(issuer), { ...automatic });
    for (const [name, value] of Object.entries(changed)) address.searchParams.set(name, value);
    const response = await issuer.fetch(new Request(address));
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
  });

  it.each([
    ['no PKCE', { code_challenge: '' }, 'invalid_request'],
    ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['an implicit token', { response_type: 'token' }, 'unsupported_response_type'],
    ['silence', { prompt: 'none' }, 'login_required'],
    ['another resource', { resource: 'https://other.example' }, 'invalid_target'],
    ['a name that is no address', { login_hint: 'ana' }, 'invalid_request'],
  ])('tells the client on its redirect that it refuses %s', async (_what, changed, error) => {
    const { issuer } = setUp();
    const { address } = await authorizationUrl(await configuration(issuer), { ...automatic });
    for (const [name, value] of Object.entries(changed)) address.searchParams.set(name, value);
    const response = await issuer.fetch(new Request(address));
    const back = new URL(response.headers.get('location') ?? '');
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ error, state: 'state-1', iss: url });
  });

  it('gives no token for a code with another verifier', async () => {
    const { issuer } = setUp();
    const config = await configuration(issuer);
    const { address } = await authorizationUrl(config, automatic);
    const back = new URL((await issuer.fetch(new Request(address))).headers.get('location') ?? '');
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    await expect(
      client.authorizationCodeGrant(config, back, { pkceCodeVerifier, ...checks }),
    ).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('shows what was typed as text, and asks again for a name that is no address', async () => {
    const { issuer } = setUp();
    const { address } = await authorizationUrl(await configuration(issuer));
    const form = new URLSearchParams(address.search);
    form.set('email', '"><script>alert(1)</script>');
    form.set('state', '"><img src=x>');
    const response = await issuer.fetch(new Request(`${url}/authorize`, { method: 'POST', body: form }));
    const page = await response.text();
    expect(response.status).toBe(400);
    expect(page).toContain('Not a mail address');
    expect(page).not.toContain('<script>');
    expect(page).not.toContain('<img');
  });

  it('takes no forms from pages of other sites', async () => {
    const { issuer } = setUp();
    for (const path of ['authorize', 'device', 'token', 'device_authorization']) {
      const response = await issuer.fetch(
        new Request(`${url}/${path}`, {
          method: 'POST',
          headers: { origin: 'https://evil.example' },
          body: new URLSearchParams({ client_id: 'sealwright-cli' }),
        }),
      );
      expect(await response.json()).toMatchObject({ error_description: 'Another site sent this form.' });
    }
  });

  it('lets codes and tokens run out by its clock', async () => {
    const { issuer, clock } = setUp();
    const config = await configuration(issuer);
    const { verifier, address } = await authorizationUrl(config, automatic);
    const back = new URL((await issuer.fetch(new Request(address))).headers.get('location') ?? '');
    clock.time += 60_000;
    await expect(
      client.authorizationCodeGrant(config, back, { pkceCodeVerifier: verifier, ...checks }),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
    const service = await configuration(
      issuer,
      'sealwright-service',
      client.ClientSecretPost('sealwright-service'),
    );
    const { exp = 0 } = decodeJwt((await client.clientCredentialsGrant(service)).access_token);
    expect(exp).toBe(Math.floor(clock.time / 1000) + 3600);
  });
});
