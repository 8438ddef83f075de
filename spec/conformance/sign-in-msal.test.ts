import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenChallenge } from '../../src/licensing/index.ts';
import {
  msalApplication,
  msalCache,
  msalDeviceCode,
  msalInteractive,
  msalSilent,
} from '../../src/msal/index.ts';
import { memoryTokenStore } from '../../src/openid/index.ts';
import { type OpenIdProvider, startOpenIdProvider, testClients, testScope } from './openid-provider.ts';

const payload = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
const failsFor = (reason: string) => ({ code: 'AUTHENTICATION_FAILED', details: { reason } });

let provider: OpenIdProvider;
beforeAll(async () => {
  // MSAL counts a token as ended five minutes before it does.
  provider = await startOpenIdProvider({ lifetimes: { accessToken: 3600 } });
});
afterAll(() => provider.close());

/** MSAL's requests, trusting the provider's certificate. */
const network = (): INetworkModule => {
  const send = async <T>(method: string, url: string, options?: NetworkRequestOptions) => {
    const response = await provider.fetch(url, {
      method,
      headers: options?.headers ?? {},
      ...(options?.body === undefined ? {} : { body: options.body }),
    });
    return {
      headers: Object.fromEntries(response.headers),
      body: (await response.json()) as T,
      status: response.status,
    } satisfies NetworkResponse<T>;
  };
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
};

const challenge = (over: Partial<TokenChallenge> = {}): TokenChallenge => ({
  authority: provider.issuer,
  resource: provider.resource,
  scope: testScope,
  claims: undefined,
  service: 'https://rms.contoso.test',
  user: undefined,
  refused: undefined,
  ...over,
});
const people = () => ({
  clientId: testClients.people,
  issuer: provider.issuer,
  scopes: [testScope],
  network: network(),
});
const tokenRequests = () => provider.requests.filter((each) => each === 'POST /token').length;

describe('MSAL in its generic OpenID mode at a real OpenID provider', () => {
  it('signs in with authorization code and PKCE, gives the token again, and renews it when it was refused', async () => {
    let opened = 0;
    const cache = msalCache(memoryTokenStore());
    const tokens = msalInteractive({
      ...people(),
      cache,
      open: async (url) => {
        opened++;
        expect(new URL(url).searchParams.get('code_challenge_method')).toBe('S256');
        await provider.signIn(url, { as: 'alice@contoso.com' });
      },
    });
    const token = await tokens(challenge());
    expect(payload(token)).toMatchObject({
      iss: provider.issuer,
      aud: provider.resource,
      email: 'alice@contoso.com',
    });
    const before = tokenRequests();
    expect(await tokens(challenge())).toBe(token);
    expect(await msalSilent({ ...people(), cache })(challenge())).toBe(token);
    expect(tokenRequests()).toBe(before);

    const all = await Promise.all(Array.from({ length: 20 }, () => tokens(challenge({ refused: token }))));
    expect(new Set(all).size).toBe(1);
    expect(all).not.toContain(token);
    expect(payload(all[0] ?? '')).toMatchObject({ aud: provider.resource, email: 'alice@contoso.com' });
    expect(tokenRequests()).toBe(before + 1);
    expect(opened).toBe(1);
  });

  it('signs in with a device code', async () => {
    const tokens = msalDeviceCode({
      ...people(),
      show: ({ userCode, verificationUri }) => {
        provider.enterDeviceCode(`${verificationUri}?user_code=${userCode}`, { as: 'bob@contoso.com' });
      },
    });
    expect(payload(await tokens(challenge()))).toMatchObject({
      aud: provider.resource,
      email: 'bob@contoso.com',
    });
  });

  it('gives an application tokens, from its cache until one is refused', async () => {
    const tokens = msalApplication({
      clientId: testClients.service.id,
      clientSecret: testClients.service.secret,
      issuer: provider.issuer,
      scopes: [testScope],
      network: network(),
    });
    const token = await tokens(challenge());
    expect(payload(token)).toMatchObject({ aud: provider.resource, client_id: testClients.service.id });
    expect(await tokens(challenge())).toBe(token);
    expect(await tokens(challenge({ refused: token }))).not.toBe(token);
  });

  it('says each failure by its own reason', async () => {
    await expect(msalSilent(people())(challenge())).rejects.toMatchObject(failsFor('no-account'));
    const cancelled = msalInteractive({
      ...people(),
      open: async (url) => {
        await provider.signIn(url, { cancel: true });
      },
    });
    await expect(cancelled(challenge())).rejects.toMatchObject(failsFor('sign-in-cancelled'));
    const wrong = msalApplication({
      clientId: testClients.service.id,
      clientSecret: 'wrong-secret',
      issuer: provider.issuer,
      scopes: [testScope],
      network: network(),
    });
    await expect(wrong(challenge())).rejects.toMatchObject(failsFor('client-refused'));
    await expect(wrong(challenge({ authority: 'https://login.evil.test' }))).rejects.toMatchObject(
      failsFor('other-issuer'),
    );
  });
});
