import { describe, expect, it } from 'vitest';
import { encodeBase64, encodeUtf8 } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { TokenChallenge } from '../token-provider.ts';
import { authority, challenged, scripted, service, signedIn, status, url } from './exchange.test-support.ts';

const get = { method: 'GET', url, repeatable: true } as const;
const post = { method: 'POST', url, body: { license: 'secret-license' }, repeatable: false } as const;

describe('signing in', () => {
  it('asks without a token and body first, then goes straight with a token', async () => {
    const { exchange, sent } = scripted(signedIn(() => Response.json([1])));
    await exchange.send(post);
    const { json, status: code } = await exchange.send(post);
    expect([code, json]).toEqual([200, [1]]);
    expect(sent.map(({ token, body }) => [token, body])).toEqual([
      [undefined, '{}'],
      ['token-1', '{"license":"secret-license"}'],
      ['token-2', '{"license":"secret-license"}'],
    ]);
  });

  it('obtains one challenge for many who come at once', async () => {
    const { exchange, sent } = scripted(signedIn(() => Response.json({})));
    await Promise.all(Array.from({ length: 20 }, () => exchange.send(get)));
    expect(sent.filter(({ token }) => token === undefined)).toHaveLength(1);
  });

  it('sends challenge headers with a first request of its own each time', async () => {
    const { exchange, sent } = scripted(signedIn(() => Response.json({})));
    const challengeHeaders = { 'x-ms-rms-slc-key': 'AQID' };
    for (let i = 0; i < 2; i++) await exchange.send({ ...get, challengeHeaders });
    expect(sent.map(({ token, headers }) => [token === undefined, headers.get('x-ms-rms-slc-key')])).toEqual([
      [true, 'AQID'],
      [false, null],
      [true, 'AQID'],
      [false, null],
    ]);
  });

  it('tells the provider what the service asked for, and for whom', async () => {
    const asked: TokenChallenge[] = [];
    const { exchange } = scripted(
      signedIn(() => Response.json({})),
      {
        tokens: async (challenge) => {
          asked.push(challenge);
          return 't';
        },
      },
    );
    await exchange.send({ ...get, user: 'bob@contoso.com' });
    expect(asked).toEqual([
      {
        authority,
        resource: 'api://rms',
        scope: undefined,
        claims: undefined,
        service,
        user: 'bob@contoso.com',
        refused: undefined,
      },
    ]);
  });

  it('asks for another token with the claims of a later challenge, and says which was refused', async () => {
    const claims = '{"access_token":{"nbf":{"essential":true}}}';
    const asked: TokenChallenge[] = [];
    const { exchange, sent } = scripted(
      signedIn(({ token }) =>
        token === 'good'
          ? Response.json({})
          : challenged(`, error="insufficient_claims", claims="${encodeBase64(encodeUtf8(claims))}"`),
      ),
      {
        tokens: async (challenge) => {
          asked.push(challenge);
          return challenge.claims === undefined ? 'old' : 'good';
        },
      },
    );
    expect((await exchange.send(post)).status).toBe(200);
    expect(asked.map((challenge) => [challenge.refused, challenge.claims])).toEqual([
      [undefined, undefined],
      ['old', claims],
    ]);
    expect(sent).toHaveLength(3);
  });

  it('gives up after three tokens, with the reason of the service and without the token', async () => {
    const body = {
      Message: 'The token has expired: token-3',
      Sealwright: { Code: 'x', Reason: 'token-expired' },
    };
    const { exchange, sent } = scripted(() => challenged(', error="invalid_token"', body));
    const error = await exchange.send(get).catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: 'AUTHENTICATION_FAILED',
      details: {
        reason: 'token-expired',
        status: 401,
        host: 'rms.contoso.com',
        requestId: expect.any(String),
      },
    });
    expect(sent.map(({ token }) => token)).toEqual([undefined, 'token-1', 'token-2', 'token-3']);
  });

  it('does not send a refused token again', async () => {
    const { exchange, sent } = scripted(() => challenged(', error="invalid_token"'), {
      tokens: async () => 'same',
    });
    await expect(exchange.send(get)).rejects.toMatchObject({ details: { reason: 'invalid_token' } });
    expect(sent).toHaveLength(2);
  });

  it('never repeats a token in a message, even where the service does', async () => {
    const token = `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(60)}.${'b'.repeat(43)}`;
    const { exchange } = scripted(
      ({ headers }) => challenged('', { Message: `no: ${headers.get('authorization')}` }),
      { tokens: async () => token },
    );
    const error = await exchange.send(get).catch((thrown) => thrown);
    expect(JSON.stringify([error.message, error.details])).not.toContain('aaaa');
  });

  it('refuses a 401 without a challenge', async () => {
    const { exchange } = scripted(() => status(401, { 'www-authenticate': 'Basic realm="x"' }));
    await expect(exchange.send(get)).rejects.toMatchObject({
      code: 'AUTHENTICATION_FAILED',
      details: { reason: 'no-challenge' },
    });
  });

  it('takes what a service answers without a sign-in', async () => {
    const { exchange, sent } = scripted(({ body }) => Response.json({ body }));
    expect((await exchange.send(get)).json).toEqual({});
    expect((await exchange.send({ ...post, body: { a: 1 } })).json).toEqual({ body: '{"a":1}' });
    expect(sent.map(({ token, body }) => [token, body])).toEqual([
      [undefined, undefined],
      [undefined, '{}'],
      [undefined, '{"a":1}'],
    ]);
  });

  it('shows its body before its token only to a service that looks at it first', async () => {
    const { exchange, sent } = scripted(({ body, token }) => {
      if (token !== undefined) return Response.json({});
      return body === '{}' ? status(400) : challenged();
    });
    expect((await exchange.send({ ...post, body: { a: 1 } })).status).toBe(200);
    expect(sent.map(({ token, body }) => [token, body])).toEqual([
      [undefined, '{}'],
      [undefined, '{"a":1}'],
      ['token-1', '{"a":1}'],
    ]);
    const closed = scripted(() => status(404));
    expect((await closed.exchange.send(post)).status).toBe(404);
    expect(closed.sent).toHaveLength(1);
  });

  it('refuses a token that is none, and does not show it', async () => {
    for (const token of [
      '',
      'a b',
      'line\r\nbreak',
      'ü',
      'x'.repeat(70_000),
      undefined as unknown as string,
    ]) {
      const { exchange, sent } = scripted(
        signedIn(() => Response.json({})),
        { tokens: async () => token },
      );
      const error = await exchange.send(get).catch((thrown) => thrown);
      expect(error).toMatchObject({ code: 'AUTHENTICATION_FAILED', details: { reason: 'token-malformed' } });
      expect(error.message).not.toContain('break');
      expect(sent).toHaveLength(1);
    }
  });

  it('passes on what the provider throws if it is typed, and wraps it if not', async () => {
    const typed = new SealwrightError('AUTHENTICATION_FAILED', 'Sign in.', { reason: 'signed-out' });
    const throwing = (error: Error) =>
      scripted(() => challenged(), { tokens: () => Promise.reject(error) }).exchange.send(get);
    await expect(throwing(typed)).rejects.toBe(typed);
    const cause = new Error('x');
    await expect(throwing(cause)).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED', cause });
  });

  it('asks no provider for a foreign authority, at first contact or later', async () => {
    const foreign = 'Bearer authorization="https://login.evil.example/common"';
    let asked = 0;
    const tokens = async () => `t${++asked}`;
    const first = scripted(() => status(401, { 'www-authenticate': foreign }), { tokens });
    await expect(first.exchange.send(get)).rejects.toMatchObject({ code: 'UNTRUSTED_SERVICE' });
    expect(asked).toBe(0);
    const later = scripted(
      signedIn(() => status(401, { 'www-authenticate': foreign })),
      { tokens },
    );
    await expect(later.exchange.send(get)).rejects.toMatchObject({
      code: 'UNTRUSTED_SERVICE',
      details: { reason: 'authority-not-allowed', host: 'login.evil.example' },
    });
    expect(asked).toBe(1);
  });
});
