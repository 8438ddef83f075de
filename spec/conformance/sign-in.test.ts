import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenChallenge } from '../../src/licensing/index.ts';
import {
  fileTokenStore,
  memoryTokenStore,
  type OpenIdOptions,
  openIdTokens,
} from '../../src/openid/index.ts';
import { createDevIssuer } from '../../src/server/dev-issuer/index.ts';
import { type OpenIdProvider, startOpenIdProvider, testClients, testScope } from './openid-provider.ts';

const payload = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
const failsFor = (reason: string) => ({ code: 'AUTHENTICATION_FAILED', details: { reason } });

let provider: OpenIdProvider;
let folder: string;
beforeAll(async () => {
  provider = await startOpenIdProvider();
  folder = await mkdtemp(join(tmpdir(), 'sealwright-sign-in-'));
});
afterAll(async () => {
  await provider.close();
  await rm(folder, { recursive: true });
});

const challenge = (over: Partial<TokenChallenge> = {}): TokenChallenge => ({
  authority: provider.issuer,
  resource: provider.resource,
  scope: undefined,
  claims: undefined,
  service: 'https://rms.contoso.test',
  user: undefined,
  refused: undefined,
  ...over,
});
const people = (over: Partial<OpenIdOptions> = {}) =>
  openIdTokens({
    issuer: provider.issuer,
    clientId: testClients.people,
    scope: testScope,
    resource: provider.resource,
    fetch: provider.fetch,
    ...over,
  });
const asAlice = async (url: string) => {
  await provider.signIn(url, { as: 'alice@contoso.com' });
};

describe('openIdTokens at a real OpenID provider', () => {
  it('signs in with authorization code and PKCE, and gives the token without asking again', async () => {
    const tokens = people();
    const account = await tokens.signIn({ browser: asAlice });
    expect(account).toMatchObject({ email: 'alice@contoso.com', renewable: true });
    const before = provider.requests.length;
    const token = await tokens(challenge());
    expect(payload(token)).toMatchObject({
      iss: provider.issuer,
      aud: provider.resource,
      scope: testScope,
      email: 'alice@contoso.com',
      email_verified: true,
    });
    expect(await tokens(challenge())).toBe(token);
    expect(provider.requests).toHaveLength(before);
  });

  it('shows the person a page that says how it ended', async () => {
    let page: Response | undefined;
    await people().signIn({
      browser: (url) => {
        provider.signIn(url).then((response) => {
          page = response;
        });
      },
    });
    await expect.poll(() => page?.status).toBe(200);
    expect(await page?.text()).toContain('You are signed in');
    expect(page?.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('signs in with a device code', async () => {
    const tokens = people();
    const account = await tokens.signIn({
      device: async ({ verificationUriComplete, userCode }) => {
        expect(verificationUriComplete).toContain(userCode);
        await provider.enterDeviceCode(verificationUriComplete ?? '', { as: 'bob@contoso.com' });
      },
    });
    expect(account.email).toBe('bob@contoso.com');
    expect(payload(await tokens(challenge()))).toMatchObject({ email: 'bob@contoso.com' });
  });

  it.each([
    ['a secret', { clientId: testClients.service.id, clientSecret: testClients.service.secret }],
    [
      'a key',
      {
        clientId: testClients.serviceWithKey.id,
        clientKey: {
          pem: testClients.serviceWithKey.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
        },
      },
    ],
  ])('gives an application tokens for %s, once for all who ask', async (_, client) => {
    const tokens = people({ ...client, signIn: { kind: 'client-credentials' } });
    const before = provider.requests.filter((each) => each === 'POST /token').length;
    const all = await Promise.all(Array.from({ length: 20 }, () => tokens(challenge())));
    expect(new Set(all).size).toBe(1);
    expect(payload(all[0] ?? '')).toMatchObject({ aud: provider.resource, client_id: client.clientId });
    expect(provider.requests.filter((each) => each === 'POST /token')).toHaveLength(before + 1);
  });

  it('renews once for a hundred requests, with a refresh token that is good once', async () => {
    const clock = { ahead: 0 };
    const tokens = people({ now: () => new Date(Date.now() + clock.ahead) });
    await tokens.signIn({ browser: asAlice });
    const first = await tokens(challenge());
    for (let round = 0; round < 3; round++) {
      const old = await tokens(challenge());
      const before = provider.requests.filter((each) => each === 'POST /token').length;
      const all = await Promise.all(Array.from({ length: 100 }, () => tokens(challenge({ refused: old }))));
      expect(new Set(all).size).toBe(1);
      expect(all[0]).not.toBe(old);
      expect(provider.requests.filter((each) => each === 'POST /token')).toHaveLength(before + 1);
    }
    expect(await tokens(challenge())).not.toBe(first);
  });

  it('keeps a sign-in in a private file that sessions share without losing a rotated refresh token', async () => {
    const path = join(folder, 'kept', 'sign-in.json');
    const sessions = [1, 2, 3, 4].map(() => people({ store: fileTokenStore(path) }));
    await sessions[0]?.signIn({ browser: asAlice });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'kept'))).mode & 0o777).toBe(0o700);
    for (let round = 0; round < 3; round++) {
      const old = JSON.parse(await readFile(path, 'utf8')).tokens[0].accessToken;
      const all = await Promise.all(sessions.map((each) => each(challenge({ refused: old }))));
      expect(new Set(all).size).toBe(1);
      expect(all).not.toContain(old);
    }
  });

  it('tells the issuer when somebody signs out, and forgets', async () => {
    const store = memoryTokenStore();
    const tokens = people({ store });
    await tokens.signIn({ browser: asAlice });
    const copy = (await store.read()) ?? '';
    expect(await tokens.signOut()).toEqual({ revoked: true });
    expect(await tokens.account()).toBeUndefined();
    await expect(tokens(challenge())).rejects.toMatchObject(failsFor('no-account'));
    const stolen = memoryTokenStore();
    await stolen.write(copy);
    const refused = JSON.parse(copy).tokens[0].accessToken;
    await expect(people({ store: stolen })(challenge({ refused }))).rejects.toMatchObject(
      failsFor('refresh-refused'),
    );
  });

  it('passes a claims challenge on', async () => {
    const urls: string[] = [];
    const tokens = people({
      signIn: {
        kind: 'browser',
        open: async (url) => {
          urls.push(url);
          await asAlice(url);
        },
      },
    });
    const claims = JSON.stringify({ access_token: { acrs: { value: 'c1' } }, id_token: { acr: null } });
    await tokens(challenge({ claims }));
    expect(new URL(urls[0] ?? '').searchParams.get('claims')).toBe(claims);
  });

  it('refuses an answer with the state of another sign-in', async () => {
    const old = await new Promise<URL>((resolve, reject) => {
      people({ signInTimeout: 10_000 })
        .signIn({ browser: async (url) => resolve(await provider.authorize(url)) })
        .catch(reject);
    }).catch(() => undefined);
    await expect(
      people().signIn({
        browser: async (url) => {
          const back = new URL(new URL(url).searchParams.get('redirect_uri') ?? '');
          back.search = old?.search ?? '';
          const page = await fetch(back);
          expect(page.status).toBe(400);
          expect(await page.text()).toContain('The sign-in failed');
        },
      }),
    ).rejects.toMatchObject(failsFor('state-mismatch'));
  });

  it('says that a code came too late', async () => {
    provider.lifetimes.code = 1;
    try {
      await expect(
        people().signIn({
          browser: async (url) => {
            const back = await provider.authorize(url);
            await new Promise((resolve) => setTimeout(resolve, 2100));
            await fetch(back);
          },
        }),
      ).rejects.toMatchObject(failsFor('code-expired'));
    } finally {
      provider.lifetimes.code = 60;
    }
  });

  it('says that a device code was not entered in time', async () => {
    provider.lifetimes.deviceCode = 1;
    try {
      await expect(people().signIn({ device: () => {} })).rejects.toMatchObject(failsFor('code-expired'));
    } finally {
      provider.lifetimes.deviceCode = 120;
    }
  });

  it.each([
    [
      'in the browser',
      {
        browser: async (url: string) => {
          await provider.signIn(url, { cancel: true });
        },
      },
    ],
    [
      'on the device',
      {
        device: ({ verificationUriComplete }: { verificationUriComplete: string | undefined }) =>
          provider.enterDeviceCode(verificationUriComplete ?? '', { cancel: true }),
      },
    ],
  ])('says that the person cancelled %s', async (_, how) => {
    await expect(people().signIn(how)).rejects.toMatchObject(failsFor('sign-in-cancelled'));
  });

  it('says that nobody came in time, and ends when told to', async () => {
    await expect(people({ signInTimeout: 50 }).signIn({ browser: () => {} })).rejects.toMatchObject(
      failsFor('sign-in-timeout'),
    );
    const end = new AbortController();
    setTimeout(() => end.abort(new Error('enough')), 50);
    await expect(people().signIn({ browser: () => {}, signal: end.signal })).rejects.toThrow('enough');
  });

  it('says that client, secret or resource is not accepted, and shows no secret', async () => {
    const clientSecret = 'wrong-secret-that-must-not-be-shown';
    const tokens = people({
      clientId: testClients.service.id,
      clientSecret,
      signIn: { kind: 'client-credentials' },
    });
    const error = await tokens(challenge()).catch((reason: Error) => reason);
    expect(error).toMatchObject(failsFor('client-refused'));
    expect(JSON.stringify(error) + String(error) + String((error as Error).cause)).not.toContain(
      clientSecret,
    );
  });

  it('gives no token for another issuer or another resource', async () => {
    const tokens = people();
    await tokens.signIn({ browser: asAlice });
    for (const authority of [
      'https://login.evil.test',
      `${provider.issuer.replace('https:', 'http:')}`,
      'nonsense',
    ]) {
      await expect(tokens(challenge({ authority }))).rejects.toMatchObject(failsFor('other-issuer'));
    }
    await expect(tokens(challenge({ authority: `${provider.issuer}/auth` }))).resolves.toBeTypeOf('string');
    await expect(tokens(challenge({ resource: 'https://other.contoso.test' }))).rejects.toMatchObject(
      failsFor('other-resource'),
    );
  });
});

describe('openIdTokens at the development issuer of our own server', () => {
  it('signs in by name alone, gives a token for its service, and renews it', async () => {
    const issuer = createDevIssuer({ url: 'http://127.0.0.1:8787/issuer' });
    const tokens = openIdTokens({
      issuer: issuer.issuer,
      clientId: 'sealwright-cli',
      allowInsecureLoopback: true,
      fetch: (input, init) => issuer.fetch(new Request(input, init)),
    });
    expect(await tokens.signIn({ as: 'alice@contoso.com' })).toMatchObject({
      email: 'alice@contoso.com',
      renewable: true,
    });
    const asked = challenge({
      authority: issuer.issuer,
      resource: issuer.audience,
      service: 'http://127.0.0.1:8787',
    });
    const token = await tokens(asked);
    expect(payload(token)).toMatchObject({
      iss: issuer.issuer,
      aud: issuer.audience,
      email: 'alice@contoso.com',
    });
    expect(await tokens({ ...asked, refused: token })).not.toBe(token);
  });
});
