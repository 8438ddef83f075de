import { describe, expect, it } from 'vitest';
import { challenged, scripted, service, signedIn, url } from './exchange.test-support.ts';

const get = { method: 'GET', url, repeatable: true } as const;
const post = { method: 'POST', url, body: { a: 1 }, repeatable: false } as const;
const _never = () => new Promise<Response>(() => undefined);
const ok = () => Response.json({});
const _withToken = (sent: readonly { readonly token: string | undefined }[]) =>
  sent.filter(({ token }) => token !== undefined);

describe('redirects', () => {
  const to = (location: string, code = 302) => new Response(null, { status: code, headers: { location } });

  it('are followed for a GET to an allowed host, which gets a sign-in of its own', async () => {
    const { exchange, sent } = scripted(
      (request) => {
        if (request.token === undefined) return challenged();
        return request.url.hostname === 'rms.contoso.com' ? to('https://eu.contoso.com/x') : ok();
      },
      { trust: { hosts: ['eu.contoso.com'] } },
    );
    const { url: final } = await exchange.send(get);
    expect(final.href).toBe('https://eu.contoso.com/x');
    expect(sent.map(({ url: { hostname }, token }) => [hostname, token])).toEqual([
      ['rms.contoso.com', undefined],
      ['rms.contoso.com', 'token-1'],
      ['eu.contoso.com', undefined],
      ['eu.contoso.com', 'token-2'],
    ]);
    expect(sent.every(({ init }) => init.redirect === 'manual')).toBe(true);
  });

  it.each([
    ['to another host', get, 'https://evil.example/', 'UNTRUSTED_SERVICE', 'host-not-allowed'],
    ['to plain HTTP', get, 'http://rms.contoso.com/', 'UNTRUSTED_SERVICE', 'not-https'],
    ['to no address', get, 'https://[', 'UNTRUSTED_SERVICE', 'not-a-url'],
    ['to itself', get, url.href, 'MALFORMED_ANSWER', 'redirect-loop'],
    ['of something said', post, `${service}/other`, 'MALFORMED_ANSWER', 'redirect'],
    [
      'of something said to another host',
      post,
      'https://evil.example',
      'UNTRUSTED_SERVICE',
      'host-not-allowed',
    ],
  ])('are not followed %s', async (_, request, location, code, reason) => {
    const { exchange, sent } = scripted(() => to(location, 307));
    await expect(exchange.send(request)).rejects.toMatchObject({ code, details: { reason } });
    expect(sent).toHaveLength(1);
  });

  it('are followed three times and no further', async () => {
    const { exchange, sent } = scripted((_, index) => to(`/step-${index}`));
    await expect(exchange.send(get)).rejects.toMatchObject({ details: { reason: 'redirect-loop' } });
    expect(sent).toHaveLength(4);
  });

  it('that a runtime hides or follows by itself are refused', async () => {
    const hidden = Object.defineProperty(ok(), 'type', { value: 'opaqueredirect' });
    await expect(scripted(() => hidden).exchange.send(get)).rejects.toMatchObject({
      details: { reason: 'redirect-hidden' },
    });
    const followed = Object.defineProperty(ok(), 'redirected', { value: true });
    await expect(scripted(() => followed).exchange.send(get)).rejects.toMatchObject({
      code: 'UNTRUSTED_SERVICE',
    });
  });
});

describe('headers', () => {
  it('are those of the protocol', async () => {
    const { exchange, sent } = scripted(signedIn(ok), { application: { name: 'Demo', platform: 'Mac' } });
    await exchange.send({ ...post, headers: { 'Accept-Language': 'de-DE, en' } });
    await exchange.send(get);
    expect(Object.fromEntries(sent[1]?.headers ?? [])).toEqual({
      accept: 'application/json',
      'accept-language': 'de-DE, en',
      authorization: 'Bearer token-1',
      'content-type': 'application/json',
      'x-ms-rms-platform-id': 'AppName=Demo;DevicePlatform=Mac;SDKVersion=4.3;',
      'x-ms-rms-request-id': expect.stringMatching(/^[0-9a-f-]{36};[0-9a-f-]{36}$/),
    });
    expect(sent[2]?.headers.has('content-type')).toBe(false);
  });

  it('that would break out of their line or replace the token are refused, unshown', async () => {
    const { exchange, sent } = scripted(ok);
    for (const headers of [{ 'Accept-Language': 'a\r\nx: y' }, { 'x y': 'z' }, { Authorization: 'Bearer z' }])
      await expect(exchange.send({ ...get, headers })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(sent).toHaveLength(0);
  });
});
