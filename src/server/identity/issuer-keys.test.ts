import { exportJWK, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { testAudience, testIssuer, testNow } from './issuer.test-support.ts';
import type { IssuerSettings } from './issuer-settings.ts';
import { createTokenVerifier } from './token-verifier.ts';

async function setUp(settings: Partial<IssuerSettings> = {}, algorithm?: string) {
  const issuer = await testIssuer('https://login.contoso.test', algorithm);
  const clock = { time: testNow.getTime() };
  const verify = createTokenVerifier({
    issuers: [{ issuer: issuer.url, audience: [testAudience], ...settings }],
    fetch: issuer.fetch,
    now: () => new Date(clock.time),
  });
  const outcome = (token: string) =>
    verify(token).then(
      () => 'accepted',
      (error) => error.details?.reason ?? error,
    );
  return { issuer, clock, verify, outcome };
}

const minute = 60_000;

describe('the keys of an issuer', () => {
  it('are asked for once and kept', async () => {
    const { issuer, outcome } = await setUp();
    for (const sub of ['a', 'b', 'c']) expect(await outcome(await issuer.token({ sub }))).toBe('accepted');
    expect(issuer.requests).toHaveLength(2);
  });

  it('are asked for again when a token names a new key, but not for every token that does', async () => {
    const { issuer, clock, outcome } = await setUp();
    const old = await issuer.token();
    expect(await outcome(old)).toBe('accepted');
    await issuer.rotate('key-2');
    const fresh = await issuer.token();
    expect(await outcome(fresh)).toBe('token-key-unknown'); // too soon to ask again
    clock.time += 30_000;
    expect(await outcome(fresh)).toBe('accepted');
    expect(await outcome(old)).toBe('token-key-unknown'); // remembered, and forgotten with its key
    const asked = issuer.requests.length;
    for (let index = 0; index < 20; index += 1)
      expect(await outcome(await issuer.token({ sub: `${index}` }, { kid: `no-${index}` }))).toBe(
        'token-key-unknown',
      );
    expect(issuer.requests).toHaveLength(asked);
  });

  it('stop working ten minutes after they were withdrawn, for remembered tokens too', async () => {
    const { issuer, clock, outcome } = await setUp();
    const old = await issuer.token();
    expect(await outcome(old)).toBe('accepted');
    await issuer.rotate('key-2');
    clock.time += 10 * minute + 1;
    expect(await outcome(old)).toBe('accepted'); // starts asking
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await outcome(old)).toBe('token-key-unknown');
  });

  it('serve on while the issuer is away, for a day', async () => {
    const { issuer, clock, outcome } = await setUp();
    await outcome(await issuer.token());
    issuer.documents.status = 500;
    clock.time += 50 * minute;
    expect(await outcome(await issuer.token({ sub: 'b' }))).toBe('accepted');
    clock.time += 25 * 60 * minute;
    const exp = Math.floor(clock.time / 1000) + 60;
    expect(await outcome(await issuer.token({ exp }))).toBe('issuer-answer');
  });

  it('are asked for once in a while only where the issuer does not answer', async () => {
    const { issuer, clock, outcome } = await setUp();
    issuer.documents.status = 503;
    const token = await issuer.token();
    for (let index = 0; index < 10; index += 1) expect(await outcome(token)).toBe('issuer-answer');
    expect(issuer.requests).toHaveLength(1);
    issuer.documents.status = 200;
    clock.time += 5_000;
    expect(await outcome(token)).toBe('accepted');
  });

  it.each([
    ['another issuer', { issuer: 'https://login.contoso.test/' }],
    ['no key set', { jwks_uri: undefined }],
    ['a key set over plain http', { jwks_uri: 'http://login.contoso.test/keys' }],
    ['a key set on this machine', { jwks_uri: 'https://127.0.0.1/keys' }],
    ['a key set that is a file', { jwks_uri: 'file:///etc/passwd' }],
  ])('are not taken from a discovery document that names %s', async (_what, changed) => {
    const { issuer, outcome } = await setUp();
    Object.assign(issuer.documents.discovery, changed);
    expect(await outcome(await issuer.token())).toBe('issuer-answer');
    expect(issuer.requests).toHaveLength(1);
  });

  it('may be where the settings say, or stand in them', async () => {
    const given = await setUp({ jwks: 'https://login.contoso.test/keys' });
    expect(await given.outcome(await given.issuer.token())).toBe('accepted');
    expect(given.issuer.requests).toEqual(['https://login.contoso.test/keys']);
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    const written = await setUp({ jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'key-1' }] } });
    expect(await written.outcome(await written.issuer.token())).toBe('token-signature');
    expect(written.issuer.requests).toEqual([]);
  });

  it('are refused if they are too small', async () => {
    const { issuer, outcome } = await setUp({}, 'RS256');
    const token = await issuer.token();
    issuer.documents.keys[0] = { ...issuer.documents.keys[0], kty: 'RSA', n: 'x'.repeat(171), kid: 'key-1' };
    expect(await outcome(token)).toBe('token-key-too-small');
  });

  it('are not taken for what they are not: other purposes, other families, shared secrets', async () => {
    const { issuer, clock, outcome } = await setUp();
    const token = await issuer.token();
    const good = issuer.documents.keys[0];
    for (const bad of [
      { ...good, use: 'enc' },
      { ...good, key_ops: ['encrypt'] },
      { ...good, alg: 'ES384' },
      { ...good, crv: 'P-384' },
      { kty: 'oct', k: 'c2VjcmV0', kid: 'key-1' },
      { kid: 'key-1' },
    ]) {
      issuer.documents.keys[0] = bad as never;
      clock.time += 11 * minute;
      expect(await outcome(token)).toBe('token-key-unknown');
    }
  });

  it('are tried one after the other for a token that names none', async () => {
    const { issuer, outcome } = await setUp();
    const other = await testIssuer();
    issuer.documents.keys.unshift({ ...other.documents.keys[0], kty: 'EC', kid: 'key-0' });
    expect(await outcome(await issuer.token({}, { kid: undefined as never }))).toBe('accepted');
  });

  it('are bounded in size and time', async () => {
    const { issuer } = await setUp();
    let given = 0;
    const endless = new ReadableStream({
      pull(controller) {
        given += 64 * 1024;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    const verify = createTokenVerifier({
      issuers: [{ issuer: issuer.url, audience: [testAudience] }],
      fetch: async () => new Response(endless),
    });
    await expect(verify(await issuer.token())).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      details: { reason: 'issuer-answer', host: 'login.contoso.test' },
    });
    expect(given).toBeLessThan(1024 * 1024);
  });

  it('are asked for without following redirects', async () => {
    const { issuer } = await setUp();
    const verify = createTokenVerifier({
      issuers: [{ issuer: issuer.url, audience: [testAudience] }],
      fetch: async (_input, init) => {
        expect(init?.redirect).toBe('error');
        throw new TypeError('redirected');
      },
    });
    await expect(verify(await issuer.token())).rejects.toMatchObject({
      details: { reason: 'issuer-unreachable' },
    });
  });
});
