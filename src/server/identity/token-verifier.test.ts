import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { SealwrightError } from '../../errors.ts';
import { openAdministrators } from '../administration/administrators.ts';
import type { AdministratorRole, Caller } from '../caller.ts';
import { openDirectoryFile, parseDirectory } from './directory-file.ts';
import { part, seconds, testAudience, testIssuer, testNow } from './issuer.test-support.ts';
import type { IssuerSettings } from './issuer-settings.ts';
import { tokenReasons } from './token-refused.ts';
import { createTokenVerifier, type TokenVerifierOptions } from './token-verifier.ts';

const now = seconds(testNow);

async function setUp(settings: Partial<IssuerSettings> = {}, options: Partial<TokenVerifierOptions> = {}) {
  const issuer = await testIssuer();
  const clock = { time: testNow.getTime() };
  const verify = createTokenVerifier({
    issuers: [{ issuer: issuer.url, audience: [testAudience], ...settings }],
    fetch: issuer.fetch,
    now: () => new Date(clock.time),
    ...options,
  });
  return { issuer, clock, verify };
}

const refusal = (caller: Promise<Caller>) =>
  expect(
    caller.then(
      () => 'accepted',
      (error) => (error.code === 'AUTHENTICATION_FAILED' ? error.details.reason : error),
    ),
  ).resolves;

describe('createTokenVerifier', () => {
  it('tells whose a good token is', async () => {
    const { issuer, verify } = await setUp();
    const caller = await verify(await issuer.token({ email: 'Ana@Contoso.TEST' }));
    expect(caller).toEqual({
      identity: { email: 'ana@contoso.test', aliases: [], groups: [] },
      issuer: issuer.url,
      subject: 'subject-1',
      home: true,
      roles: new Set(),
    });
    expect(issuer.requests).toEqual([`${issuer.url}/.well-known/openid-configuration`, `${issuer.url}/keys`]);
  });

  it.each([
    ['an expired token', { exp: now - 61 }, 'token-expired'],
    ['a token without an end', { exp: undefined }, 'claim-missing'],
    ['a token from the future', { nbf: now + 61 }, 'token-not-yet-valid'],
    ['a token issued in the future', { iat: now + 61 }, 'token-not-yet-valid'],
    ['a token for another audience', { aud: 'api://other.test' }, 'token-audience'],
    ['a token for several other audiences', { aud: ['a', 'b'] }, 'token-audience'],
    ['a token without audience', { aud: undefined }, 'token-audience'],
    ['a token of another issuer', { iss: 'https://login.example.test' }, 'token-issuer'],
    ['a token whose issuer differs by a slash', { iss: 'https://login.contoso.test/' }, 'token-issuer'],
    ['a token without subject', { sub: undefined }, 'claim-missing'],
    ['a token without address', { email: undefined }, 'email-missing'],
    ['an address that is none', { email: 'ana' }, 'email-missing'],
    ['an address that nobody verified', { email_verified: false }, 'email-unverified'],
    [
      'an address of which nobody says whether it is verified',
      { email_verified: undefined },
      'email-unverified',
    ],
    ['an address called verified in words', { email_verified: 'true' }, 'email-unverified'],
    ['a token bound to a key', { cnf: { jkt: 'x' } }, 'token-bound'],
    ['an end that is no number', { exp: 'tomorrow' }, 'token-malformed'],
  ])('refuses %s', async (_what, claims, reason) => {
    const { issuer, verify } = await setUp();
    await refusal(verify(await issuer.token(claims as never))).toBe(reason);
  });

  it('grants clocks the skew that is configured and no more', async () => {
    const { issuer, verify } = await setUp({ clockSkew: 5 });
    await verify(await issuer.token({ exp: now - 4 }));
    await verify(await issuer.token({ nbf: now + 5 }));
    await refusal(verify(await issuer.token({ exp: now - 5 }))).toBe('token-expired');
    await refusal(verify(await issuer.token({ nbf: now + 6 }))).toBe('token-not-yet-valid');
  });

  it('refuses tokens that are unsigned, whatever they call it', async () => {
    const { issuer, verify } = await setUp();
    const [, claims, signature] = (await issuer.token()).split('.');
    for (const alg of ['none', 'None', 'NONE'])
      for (const end of ['', signature])
        await refusal(verify(`${part({ alg })}.${claims}.${end}`)).toBe('token-unsigned');
    await refusal(verify(`${part({ alg: 'ES256' })}.${claims}.`)).toBe('token-unsigned');
  });

  it('refuses a shared-secret signature made with the public key', async () => {
    const { issuer, verify } = await setUp();
    const secret = new TextEncoder().encode(JSON.stringify(issuer.documents.keys[0]));
    const token = await new SignJWT({ iss: issuer.url }).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    await refusal(verify(token)).toBe('token-algorithm');
  });

  it('refuses an algorithm that this issuer may not use', async () => {
    const { issuer, verify } = await setUp({ algorithms: ['RS256'] });
    await refusal(verify(await issuer.token())).toBe('token-algorithm');
  });

  it('refuses changed claims and signatures of others', async () => {
    const { issuer, verify } = await setUp();
    const [header, , signature] = (await issuer.token()).split('.');
    const claims = part({ iss: issuer.url, email: 'eva@contoso.test', email_verified: true });
    await refusal(verify(`${header}.${claims}.${signature}`)).toBe('token-signature');
    const other = await testIssuer();
    await refusal(verify(await other.token())).toBe('token-signature');
  });

  it.each([
    '',
    '.',
    '..',
    'a.b.c',
    'a',
    'eyJ9.eyJ9.x',
    `${part({})}.${part({})}.x`,
    `${part([])}.${part({})}.x`,
  ])('refuses %j as no token', async (token) => {
    const { verify } = await setUp();
    await refusal(verify(token)).toBe('token-malformed');
  });

  it('refuses other kinds of JWT and headers it does not understand', async () => {
    const { issuer, verify } = await setUp();
    await refusal(verify(await issuer.token({}, { typ: 'logout+jwt' }))).toBe('token-malformed');
    const [, claims, signature] = (await issuer.token()).split('.');
    const header = part({ alg: 'ES256', crit: ['exp'] });
    await refusal(verify(`${header}.${claims}.${signature}`)).toBe('token-malformed');
    await verify(await issuer.token({}, { typ: 'at+jwt' }));
  });

  it('refuses a token that is too long before looking at it', async () => {
    const { verify } = await setUp();
    await refusal(verify('x'.repeat(16 * 1024 + 1))).toBe('token-too-large');
  });

  it('remembers no subject that is a book, or an issuer could fill the memory with them', async () => {
    const { issuer, verify } = await setUp();
    await refusal(verify(await issuer.token({ sub: 's'.repeat(1025) }))).toBe('claim-missing');
    expect(await verify(await issuer.token({ sub: 's'.repeat(1024) }))).toMatchObject({ home: true });
  });

  it('wants the claims that are configured', async () => {
    const { issuer, verify } = await setUp({ requiredClaims: { tid: 'tenant-1', scp: ['read', 'write'] } });
    await verify(await issuer.token({ tid: 'tenant-1', scp: 'openid read' }));
    await refusal(verify(await issuer.token({ tid: 'tenant-2', scp: 'read' }))).toBe('claim-missing');
    await refusal(verify(await issuer.token({ tid: 'tenant-1', scp: 'readonly' }))).toBe('claim-missing');
    await refusal(verify(await issuer.token({ tid: 'tenant-1' }))).toBe('claim-missing');
  });

  it('remembers a verified token until it expires', async () => {
    const { issuer, clock, verify } = await setUp({ clockSkew: 0 });
    const token = await issuer.token();
    const caller = await verify(token);
    expect(await verify(token)).toBe(caller);
    clock.time = testNow.getTime() + 3600_000;
    await refusal(verify(token)).toBe('token-expired');
  });

  it('checks a token once however many requests bring it at the same time', async () => {
    const { issuer, verify } = await setUp();
    const token = await issuer.token();
    const callers = await Promise.all(Array.from({ length: 50 }, () => verify(token)));
    expect(new Set(callers).size).toBe(1);
  });

  it('lets a change of roles or of the directory hold for the next request with the same token', async () => {
    const rolesOf = (roles: readonly AdministratorRole[]) => ({
      of: (email: string) => new Set(email === 'ana@contoso.test' ? roles : []),
    });
    const directoryOf = (text: object) => parseDirectory(JSON.stringify(text), 'directory.json');
    let book = rolesOf(['auditor']);
    let directory = directoryOf({});
    const { issuer, verify } = await setUp(
      {},
      { roles: { current: () => book }, directory: { current: () => directory } },
    );
    const token = await issuer.token();
    expect([...(await verify(token)).roles]).toEqual(['auditor']);
    book = rolesOf([]);
    expect([...(await verify(token)).roles]).toEqual([]);
    directory = directoryOf({ groups: [{ email: 'g@contoso.test', members: ['ana@contoso.test'] }] });
    expect((await verify(token)).identity.groups).toEqual(['g@contoso.test']);
  });

  it('does not serve the first request after a quiet hour with what the files said before', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'quiet-'));
    try {
      const [roles, directory] = [join(folder, 'roles.json'), join(folder, 'directory.json')];
      await writeFile(roles, '{"ana@contoso.test": ["key-officer"]}');
      await writeFile(
        directory,
        '{"groups": [{"email": "g@contoso.test", "members": ["ana@contoso.test"]}]}',
      );
      let time = testNow.getTime();
      const now = () => new Date(time);
      const issuer = await testIssuer();
      const verify = createTokenVerifier({
        issuers: [{ issuer: issuer.url, audience: [testAudience] }],
        fetch: issuer.fetch,
        now,
        roles: await openAdministrators({}, roles, { now }),
        directory: await openDirectoryFile(directory, { now }),
      });
      const token = await issuer.token({ exp: seconds(testNow) + 7200 });
      const before = await verify(token);
      expect([...before.roles, ...(before.identity.groups ?? [])]).toEqual(['key-officer', 'g@contoso.test']);
      await writeFile(roles, '{}');
      await writeFile(directory, '{}');
      time += 3_600_000;
      const after = await Promise.all([verify(token), verify(token)]);
      for (const { roles: held, identity } of after)
        expect([...held, ...(identity.groups ?? [])]).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('gives partners no roles, whatever the book says', async () => {
    const book = { of: () => new Set<AdministratorRole>(['owner']) };
    const { issuer, verify } = await setUp(
      { kind: 'partner', domains: ['contoso.test'], people: ['contoso.test'] },
      { roles: { current: () => book } },
    );
    expect([...(await verify(await issuer.token())).roles]).toEqual([]);
  });

  it('remembers so many tokens and no more', async () => {
    const { issuer, verify } = await setUp({}, { cacheSize: 2 });
    const tokens = await Promise.all(['a', 'b', 'c'].map((sub) => issuer.token({ sub })));
    const callers = [];
    for (const token of tokens) callers.push(await verify(token));
    expect(await verify(tokens[2] ?? '')).toBe(callers[2]);
    expect(await verify(tokens[1] ?? '')).toBe(callers[1]);
    expect(await verify(tokens[0] ?? '')).not.toBe(callers[0]);
  });

  it('refuses whatever else somebody sends with a reason, changed tokens above all', async () => {
    const { issuer, verify } = await setUp();
    const good = await issuer.token();
    const changed = fc
      .tuple(fc.nat(good.length - 1), fc.constantFrom('', '.', 'A', '-', '=', ' ', '\u0000', '\u{1f600}'))
      .map(([at, by]) => good.slice(0, at) + by + good.slice(at + 1));
    const claims = fc.dictionary(fc.constantFrom('iss', 'aud', 'exp', 'sub', 'email', 'x'), fc.jsonValue());
    const unsigned = fc
      .tuple(fc.oneof(fc.jsonValue(), fc.constant({ alg: 'ES256', kid: 'key-1' })), claims)
      .map(([header, body]) => `${part(header)}.${part({ iss: issuer.url, ...body })}.AAAA`);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), changed, unsigned), async (token) => {
        fc.pre(token !== good);
        const error = await verify(token).catch((thrown) => thrown);
        // The last character of a signature holds bits that say nothing.
        if (!(error instanceof SealwrightError)) expect(token.slice(0, -1)).toBe(good.slice(0, -1));
        else
          expect([error.code, tokenReasons]).toEqual([
            'AUTHENTICATION_FAILED',
            expect.arrayContaining([error.details.reason]),
          ]);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [{ issuer: 'http://login.contoso.test', audience: ['a'] }, 'issuer'],
    [{ issuer: 'https://login.contoso.test', audience: [] }, 'audience'],
    [{ issuer: 'https://login.contoso.test', audience: ['a'], algorithms: ['HS256'] }, 'algorithms'],
    [{ issuer: 'https://login.contoso.test', audience: ['a'], algorithms: ['none'] }, 'algorithms'],
    [{ issuer: 'https://login.contoso.test', audience: ['a'], kind: 'partner' }, 'domains'],
    [{ issuer: 'https://login.contoso.test', audience: ['a'], emailClaim: 'upn' }, 'emailVerified'],
    [{ issuer: 'https://login.contoso.test', audience: ['a'], audiences: ['b'] }, 'audiences'],
  ])('refuses settings that make no sense: %j', (settings, named) => {
    expect(() => createTokenVerifier({ issuers: [settings as never] })).toThrow(named);
  });
});
