import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../../src/authority/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../src/license/index.ts';
import { createServer } from '../../src/server/app.ts';
import { createTokenVerifier } from '../../src/server/identity/index.ts';
import type { IssuerSettings } from '../../src/server/identity/issuer-settings.ts';
import { type OpenIdProvider, startOpenIdProvider, testClients, testScope } from './openid-provider.ts';
import { signIn, tokenRequest } from './provider-tokens.ts';

const resource = 'https://rms.contoso.test';
const origin = 'https://rms.contoso.test';
const people = {
  'mallory@contoso.com': { sub: 'sub-mallory', email: 'ana@contoso.com', email_verified: false },
  'nobody@contoso.com': { sub: 'sub-nobody' },
};
const clientClaims = { [testClients.service.id]: {} };

let provider: OpenIdProvider;
let foreign: OpenIdProvider;
let elsewhere: OpenIdProvider;
let custodian: Awaited<ReturnType<typeof custodianFromPkcs8>>;

beforeAll(async () => {
  provider = await startOpenIdProvider({ resource, people, clientClaims });
  foreign = await startOpenIdProvider({ resource });
  elsewhere = await startOpenIdProvider({ resource: 'https://files.contoso.test' });
  custodian = await custodianFromPkcs8(await generateRsaKey(2048));
});
afterAll(() => Promise.all([provider, foreign, elsewhere].map((each) => each?.close())));

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A server of ours that accepts the provider's tokens, `offset` seconds away from the provider's clock. */
async function openServer(settings: Partial<IssuerSettings> = {}) {
  const clock = { offset: 0 };
  const now = () => new Date(Date.now() + clock.offset * 1000);
  const authority = await createAuthority({ store: createMemoryStore(), custodian, name: 'Contoso' });
  const verifyToken = createTokenVerifier({
    issuers: [{ issuer: provider.issuer, audience: [resource], ...settings }],
    fetch: provider.fetch,
    now,
  });
  const server = createServer({
    authority,
    verifyToken,
    url: origin,
    challenges: [{ authority: provider.issuer, resource }],
    facts: {
      Name: 'Contoso',
      AuthorityId: authority.facts.id,
      KeySha256: authority.facts.keySha256,
      Version: '0',
      Issuers: [{ Issuer: provider.issuer }],
    },
  });
  /** What the server says to a request with this token: the status, and for a refusal the reason. */
  async function ask(token: string): Promise<string> {
    const response = await server.fetch(
      new Request(`${origin}/my/v2/templates`, { headers: { authorization: `Bearer ${token}` } }),
    );
    const body = await response.json();
    if (response.status !== 200) {
      expect(body.Message).not.toContain(token.slice(-20));
      expect(response.headers.get('www-authenticate')).toContain(`authorization="${provider.issuer}"`);
    }
    return response.status === 200 ? '200' : `${response.status} ${body.Sealwright?.Reason}`;
  }
  return { clock, ask };
}

describe('a server and the tokens of a real OpenID provider', () => {
  it('accepts the token it was asked for', async () => {
    const { ask } = await openServer();
    expect(await ask((await signIn(provider)).access_token)).toBe('200');
  });

  it('refuses the same token from another issuer', async () => {
    const { ask } = await openServer();
    expect(await ask((await signIn(foreign)).access_token)).toBe('401 token-issuer');
  });

  it('refuses the token of another issuer that names the right one', async () => {
    const { ask } = await openServer();
    const { privateKey } = await generateKeyPair('RS256');
    const { access_token: token } = await signIn(provider);
    const forged = await new SignJWT(decodeJwt(token))
      .setProtectedHeader({ ...decodeProtectedHeader(token), alg: 'RS256' })
      .sign(privateKey);
    expect(await ask(forged)).toBe('401 token-signature');
  });

  it('refuses a token for another service, and an id token', async () => {
    const { ask } = await openServer({ issuer: elsewhere.issuer });
    expect(await ask((await signIn(elsewhere)).access_token)).toBe('401 token-audience');
    expect(await ask((await signIn(elsewhere)).id_token)).toBe('401 token-audience');
  });

  it('refuses an expired token, remembered or not, as soon as the skew is over', async () => {
    const { ask, clock } = await openServer();
    const { access_token: token } = await signIn(provider);
    expect(await ask(token)).toBe('200');
    clock.offset = 355;
    expect(await ask(token)).toBe('200');
    clock.offset = 361;
    expect(await ask(token)).toBe('401 token-expired');
    expect(await (await openServerAt(361)).ask(token)).toBe('401 token-expired');
  });

  it('refuses a token that is not valid yet', async () => {
    const { ask } = await openServerAt(-65);
    expect(await ask((await signIn(provider)).access_token)).toBe('401 token-not-yet-valid');
    expect(await (await openServerAt(-50)).ask((await signIn(provider)).access_token)).toBe('200');
  });

  it('refuses the claims of a good token without signature', async () => {
    const { ask } = await openServer();
    const [, claims, signature] = (await signIn(provider)).access_token.split('.');
    for (const alg of ['none', 'None', 'nOnE'])
      for (const end of ['', signature])
        expect(await ask(`${part({ alg, typ: 'at+jwt' })}.${claims}.${end}`)).toBe('401 token-unsigned');
  });

  it('refuses algorithms that are not allowed, a shared secret made of the public key above all', async () => {
    const { ask } = await openServer();
    const { access_token: token } = await signIn(provider);
    const keys = await (await provider.fetch(`${provider.issuer}/jwks`)).json();
    const secret = Buffer.from(JSON.stringify(keys.keys[0]));
    const forged = await new SignJWT(decodeJwt(token))
      .setProtectedHeader({ ...decodeProtectedHeader(token), alg: 'HS256' })
      .sign(secret);
    expect(await ask(forged)).toBe('401 token-algorithm');
    const strict = await openServer({ algorithms: ['PS256'] });
    expect(await strict.ask(token)).toBe('401 token-algorithm');
  });

  it('refuses claims that were changed on the way', async () => {
    const { ask } = await openServer();
    const { access_token: token } = await signIn(provider);
    const [header, , signature] = token.split('.');
    const changed = part({ ...decodeJwt(token), email: 'root@contoso.com' });
    expect(await ask(`${header}.${changed}.${signature}`)).toBe('401 token-signature');
  });

  it('refuses an address that nobody verified, and somebody without address', async () => {
    const { ask } = await openServer();
    expect(await ask((await signIn(provider, 'mallory@contoso.com')).access_token)).toBe(
      '401 email-unverified',
    );
    expect(await ask((await signIn(provider, 'nobody@contoso.com')).access_token)).toBe('401 email-missing');
  });

  it('refuses addresses of other domains, and people who are not on the list', async () => {
    const { access_token: token } = await signIn(provider);
    const narrow = await openServer({ domains: ['fabrikam.com'] });
    expect(await narrow.ask(token)).toBe('401 email-domain');
    const listed = await openServer({ domains: ['contoso.com'], people: ['bo@contoso.com'] });
    expect(await listed.ask(token)).toBe('401 not-listed');
  });

  it('lets an application in that is entered, and no other', async () => {
    const { id, secret } = testClients.service;
    const { access_token: token } = await tokenRequest(provider, {
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
      scope: testScope,
    });
    const { ask } = await openServer({ applications: { [id]: 'jobs@contoso.com' } });
    expect(await ask(token)).toBe('200');
    expect(await (await openServer()).ask(token)).toBe('401 email-missing');
  });

  it('wants the claims that are configured', async () => {
    const { access_token: token } = await signIn(provider);
    expect(await (await openServer({ requiredClaims: { scope: testScope } })).ask(token)).toBe('200');
    expect(await (await openServer({ requiredClaims: { scope: 'admin' } })).ask(token)).toBe(
      '401 claim-missing',
    );
  });

  // Last: the provider forgets its old key for good.
  it('follows a rotated key, and refuses what the old one signed', async () => {
    const { ask, clock } = await openServer();
    const { access_token: old } = await signIn(provider);
    expect(await ask(old)).toBe('200');
    provider.rotateKey();
    const { access_token: fresh } = await signIn(provider);
    clock.offset = 31;
    expect(await ask(fresh)).toBe('200');
    expect(await ask(old)).toBe('401 token-key-unknown');
  });
});

async function openServerAt(offset: number) {
  const server = await openServer();
  server.clock.offset = offset;
  return server;
}
