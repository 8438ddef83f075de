import { chmod, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TokenChallenge } from '../licensing/index.ts';
import { fileTokenStore, type OpenIdOptions, openIdTokens } from './index.ts';

const issuer = 'https://login.contoso.test';
const failsFor = (reason: string) => ({ code: 'AUTHENTICATION_FAILED', details: { reason } });
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An issuer of which every answer can be bent. */
function fakeIssuer(
  bend: { discovery?: object; claims?: object; redirect?: (url: URL) => void; now?: () => number } = {},
) {
  let nonce = '';
  let issued = 0;
  const seen: string[] = [];
  const send = async (address: string, init: RequestInit) => {
    const url = new URL(address);
    seen.push(`${init.method} ${url.host}${url.pathname}`);
    if (url.pathname === '/.well-known/openid-configuration') {
      return Response.json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        id_token_signing_alg_values_supported: ['RS256'],
        sealwright_development: true,
        ...bend.discovery,
      });
    }
    if (url.pathname === '/authorize') {
      nonce = url.searchParams.get('nonce') ?? '';
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      back.searchParams.set('code', 'code');
      back.searchParams.set('state', url.searchParams.get('state') ?? '');
      bend.redirect?.(back);
      return new Response(null, { status: 303, headers: { location: back.href } });
    }
    const now = Math.floor((bend.now?.() ?? Date.now()) / 1000);
    const claims = {
      ...{ iss: issuer, aud: 'app', sub: 'a', email: 'alice@contoso.com', nonce, iat: now, exp: now + 60 },
      ...bend.claims,
    };
    return Response.json({
      access_token: `token-${++issued}`,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: `refresh-${issued}`,
      id_token: `${base64url({ alg: 'RS256' })}.${base64url(claims)}.c2lnbmF0dXJl`,
    });
  };
  return { fetch: send as unknown as typeof fetch, seen };
}

const session = (fetch: typeof globalThis.fetch, over: Partial<OpenIdOptions> = {}) =>
  openIdTokens({ issuer, clientId: 'app', fetch, ...over });
const challenge = (over: Partial<TokenChallenge> = {}): TokenChallenge => ({
  ...{ authority: issuer, resource: 'https://rms.contoso.test', scope: undefined, claims: undefined },
  ...{ service: 'https://rms.contoso.test', user: undefined, refused: undefined },
  ...over,
});

describe('openIdTokens', () => {
  it('signs in by name at a development issuer, and only there', async () => {
    const account = await session(fakeIssuer().fetch).signIn({ as: 'alice@contoso.com' });
    expect(account).toMatchObject({ subject: 'a', email: 'alice@contoso.com', renewable: true });
    const serious = fakeIssuer({ discovery: { sealwright_development: false } });
    await expect(session(serious.fetch).signIn({ as: 'alice@contoso.com' })).rejects.toMatchObject(
      failsFor('not-a-development-issuer'),
    );
  });

  it.each([
    ['nonce-mismatch', { claims: { nonce: 'another' } }],
    ['id-token-audience', { claims: { aud: 'another' } }],
    ['id-token-expired', { claims: { exp: 1000 } }],
    ['issuer-mismatch', { claims: { iss: 'https://login.evil.test' } }],
    ['issuer-mismatch', { discovery: { issuer: 'https://login.evil.test' } }],
    ['issuer-mismatch', { redirect: (url: URL) => url.searchParams.set('iss', 'https://login.evil.test') }],
    ['state-mismatch', { redirect: (url: URL) => url.searchParams.set('state', 'another') }],
    ['sign-in-refused', { redirect: (url: URL) => url.searchParams.set('error', 'strange') }],
  ])('refuses a forged answer with %s', async (reason, bend) => {
    const tokens = session(fakeIssuer(bend).fetch);
    await expect(tokens.signIn({ as: 'alice@contoso.com' })).rejects.toMatchObject(failsFor(reason));
    expect(await tokens.account()).toBeUndefined();
  });

  it('sends nothing to an endpoint without HTTPS', async () => {
    const { fetch, seen } = fakeIssuer({ discovery: { token_endpoint: 'http://login.contoso.test/token' } });
    await expect(session(fetch).signIn({ as: 'alice@contoso.com' })).rejects.toThrow();
    expect(seen.some((each) => each.startsWith('POST'))).toBe(false);
  });

  it('gives a service tokens for its own address only, and none of another person', async () => {
    const tokens = session(fakeIssuer().fetch);
    await tokens.signIn({ as: 'alice@contoso.com' });
    expect(await tokens(challenge())).toBe('token-2');
    for (const over of [
      { resource: 'https://graph.microsoft.com' },
      { resource: 'https://aadrm.com' },
      { scope: 'https://graph.microsoft.com/.default' },
    ]) {
      await expect(tokens(challenge(over))).rejects.toMatchObject(failsFor('other-resource'));
    }
    await expect(tokens(challenge({ user: 'bob@contoso.com' }))).rejects.toMatchObject(
      failsFor('other-account'),
    );
  });

  it('lets no service choose another audience where the issuer is not told of any', async () => {
    const tokens = session(fakeIssuer().fetch, { resource: false });
    await tokens.signIn({ as: 'alice@contoso.com' });
    const scope = (address: string) => ({ resource: address, scope: `${address}/.default` });
    await expect(tokens(challenge(scope('api://payroll')))).rejects.toMatchObject(failsFor('other-resource'));
    expect(await tokens(challenge(scope('https://rms.contoso.test')))).toBe('token-2');
    const other = { resource: 'https://other.test', service: 'https://other.test' };
    expect(await tokens(challenge({ ...other, scope: 'https://other.test/.default' }))).toBe('token-3');
    // Asking for nothing in particular is no way to get what was issued for somebody else: this one is of the sign-in.
    expect(await tokens(challenge(other))).toBe('token-1');
  });

  it('refuses an address that an issuer could take for another one', async () => {
    const tokens = session(fakeIssuer().fetch);
    await tokens.signIn({ as: 'alice@contoso.com' });
    for (const resource of [
      'https://payroll.contoso.test@rms.contoso.test',
      'https://rms.contoso.test/ api://payroll',
    ])
      await expect(tokens(challenge({ resource }))).rejects.toMatchObject(failsFor('other-resource'));
  });

  it('never falls back to a token of another service when the one it found has just ended', async () => {
    let now = Date.now();
    const { fetch } = fakeIssuer({ now: () => now });
    const options = { fetch, now: () => new Date(now), signIn: 'none' } as const;
    let kept: string | undefined;
    const store = {
      read: async () => kept,
      write: async (text: string) => {
        kept = text;
      },
      clear: async () => undefined,
    };
    const first = openIdTokens({ issuer, clientId: 'app', store, ...options });
    await first.signIn({ as: 'alice@contoso.com' });
    expect(await first(challenge())).toBe('token-2');
    now += 3_500_000;
    const other = { resource: 'https://other.test', service: 'https://other.test' };
    expect(await first(challenge(other))).toBe('token-3');
    const lock = async () => async () => {
      now += 60_000;
    };
    const second = openIdTokens({ issuer, clientId: 'app', store: { ...store, lock }, ...options });
    expect(await second(challenge())).not.toBe('token-3');
  });

  it('repeats nothing of what an issuer says that could be a token', async () => {
    const secret = 'r'.repeat(43);
    const { fetch } = fakeIssuer({
      redirect: (url) => {
        url.searchParams.set('error', 'strange');
        url.searchParams.set('error_description', `No such token ${secret} here`);
      },
    });
    const failure = await session(fetch)
      .signIn({ as: 'alice@contoso.com' })
      .catch((error: Error) => error.message);
    expect(failure).toContain('No such token ... here');
  });

  it('renews before the token ends and when the clock ran back', async () => {
    let now = Date.now();
    const tokens = session(fakeIssuer({ now: () => now }).fetch, { now: () => new Date(now) });
    await tokens.signIn({ as: 'alice@contoso.com' });
    expect(await tokens(challenge())).toBe('token-2');
    expect(await tokens(challenge())).toBe('token-2');
    now += 3_550_000;
    expect(await tokens(challenge())).toBe('token-3');
    now -= 7_200_000;
    expect(await tokens(challenge())).toBe('token-4');
  });
});

describe('fileTokenStore', () => {
  it('refuses a file that others can read, and takes over a lock that was left behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sealwright-store-'));
    try {
      const path = join(folder, 'sign-in.json');
      const store = fileTokenStore(path);
      expect(await store.read()).toBeUndefined();
      await store.write('text');
      expect(await store.read()).toBe('text');
      await writeFile(`${path}.lock`, 'left behind');
      await utimes(`${path}.lock`, 1, 1);
      const release = await store.lock?.();
      await expect(store.lock?.({ signal: AbortSignal.timeout(30) })).rejects.toThrow();
      await release?.();
      await chmod(path, 0o644);
      await expect(store.read()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
