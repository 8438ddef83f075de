import { beforeAll, describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../src/bytes/index.ts';
import { pfileFormat } from '../../src/container/index.ts';
import { open, type SealwrightError } from '../../src/index.ts';
import { type RestServiceOptions, restLicensingService } from '../../src/licensing/index.ts';
import {
  contentKey,
  endpointList,
  granted,
  keyMessage,
  licenseOf,
} from '../../src/licensing/rest/rest.test-support.ts';

// What a file may try with the client, and a service that it names: nothing leaves for a host that is not allowed, and no
// token at all goes there (spec/rest.md, "Discovery"). The fetch of these tests records and never reaches a network.

const token = 'the-one-secret-token';
const allowedHost = 'rms.contoso.com';

interface Seen {
  readonly url: string;
  readonly host: string;
  readonly authorization: string | null;
}

type Respond = (url: URL, body: string) => Response | undefined;

const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
const challenge = (authority: string): Response =>
  new Response('{}', {
    status: 401,
    headers: {
      'www-authenticate': `Bearer authorization="${authority}", resource="https://rms.contoso.com"`,
    },
  });

function stage(respond: Respond, options: Partial<RestServiceOptions> = {}) {
  const seen: Seen[] = [];
  const lookups: string[] = [];
  const fetch = (async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    seen.push({ url: url.href, host: url.host, authorization: request.headers.get('authorization') });
    if (!request.headers.has('authorization')) return challenge('https://login.contoso.com/oauth2');
    return respond(url, await request.text()) ?? new Response(null, { status: 404 });
  }) as typeof globalThis.fetch;
  const service = restLicensingService({
    tokens: async () => token,
    trust: { hosts: [allowedHost], authorities: ['https://login.contoso.com'] },
    retries: { count: 0 },
    resolveSrv: async (name) => {
      lookups.push(name);
      return [];
    },
    fetch,
    ...options,
  });
  return { service, seen, lookups };
}

const answering =
  (use: unknown): Respond =>
  (url) => {
    if (url.pathname.endsWith('/servicediscovery')) return json(endpointList(`${url.origin}/my/v2`));
    return url.pathname.endsWith('/enduserlicenses') ? json(use) : undefined;
  };

async function failure(work: Promise<unknown>): Promise<SealwrightError> {
  return work.then(
    () => expect.unreachable('it was granted'),
    (error) => error,
  );
}

let license: Uint8Array;
beforeAll(async () => {
  license = await licenseOf(`https://${allowedHost}/_wmcs/licensing`);
});

describe('a license that leads elsewhere', () => {
  it.each([
    'https://evil.example/_wmcs/licensing',
    'https://10.0.0.1/_wmcs/licensing',
    'https://192.168.1.1:8443/_wmcs/licensing',
    'https://169.254.169.254/latest/meta-data',
    'https://127.0.0.1/_wmcs/licensing',
    'https://[::1]/_wmcs/licensing',
    'https://0x7f000001/_wmcs/licensing',
    'https://localhost:9200/_wmcs/licensing',
    'https://intranet/_wmcs/licensing',
    'http://rms.contoso.com/_wmcs/licensing',
    'http://127.0.0.1/_wmcs/licensing',
    'https://rms.contoso.com.evil.example/_wmcs/licensing',
    'https://rms.contoso.com@evil.example/_wmcs/licensing',
    'https://evil.example#@rms.contoso.com/',
    'https://rms.contoso.com:444/_wmcs/licensing',
    'https://rms.contoso.com./_wmcs/licensing',
    'https://aadrm.com.evil.example/_wmcs/licensing',
    'https://evilaadrm.com/_wmcs/licensing',
    'https://rms.c\u043entoso.com/_wmcs/licensing',
    'file:///etc/passwd',
    'ftp://rms.contoso.com/',
    'javascript:alert(1)',
    'rms.contoso.com/_wmcs/licensing',
    'urn:uuid:7b1c2f7e-6a0a-4c8e-9a51-7f3f0a9d5e11',
    `https://${'a'.repeat(3000)}.example/`,
  ])('is refused before anything is sent or looked up: %s', async (url) => {
    const { service, seen, lookups } = stage(answering(granted));
    const error = await failure(service.acquireUseLicense(await licenseOf(url)));
    expect(error).toMatchObject({ code: 'UNTRUSTED_SERVICE' });
    expect(seen).toEqual([]);
    expect(lookups).toEqual([]);
  });

  it('is refused with a message that says where it wanted to go and how to allow that', async () => {
    const { service } = stage(answering(granted));
    const error = await failure(service.acquireUseLicense(await licenseOf('https://rms.fabrikam.com/_wmcs')));
    expect(error.message).toContain('rms.fabrikam.com');
    expect(error.message).toContain('trust');
  });

  it('goes to the service that was named instead, if one was', async () => {
    const { service, seen } = stage(answering(granted), { url: `https://${allowedHost}` });
    const use = await service.acquireUseLicense(await licenseOf('https://10.0.0.1/_wmcs/licensing'));
    expect(use.contentKey).toEqual(contentKey);
    expect(new Set(seen.map(({ host }) => host))).toEqual(new Set([allowedHost]));
  });
});

describe('a service that leads elsewhere', () => {
  it('does not get the license or a token to an endpoint on another host', async () => {
    const { service, seen } = stage((url) =>
      url.pathname.endsWith('/servicediscovery')
        ? json(endpointList('https://evil.example/my/v2'))
        : json(granted),
    );
    const error = await failure(service.acquireUseLicense(license));
    expect(error).toMatchObject({ code: 'UNTRUSTED_SERVICE', details: { host: 'evil.example' } });
    expect(seen.every(({ host }) => host === allowedHost || host === 'api.aadrm.com')).toBe(true);
  });

  it('does not get a token by naming a DNS record, an authority or a redirect of its own', async () => {
    const byRecord = stage(answering(granted), {
      resolveSrv: async () => [{ name: 'evil.example', port: 443, priority: 0, weight: 0 }],
    });
    await byRecord.service.acquireUseLicense(license);
    const byRedirect = stage((url) =>
      url.pathname.endsWith('/servicediscovery')
        ? new Response(null, {
            status: 302,
            headers: { location: 'https://evil.example/my/v2/servicediscovery' },
          })
        : json(granted),
    );
    await failure(byRedirect.service.acquireUseLicense(license));
    const byAuthority = stage(() => undefined, {
      fetch: (async (input: string | URL | Request) => {
        byAuthority.seen.push({ url: String(input), host: new URL(String(input)).host, authorization: null });
        return challenge('https://login.evil.example/oauth2');
      }) as typeof globalThis.fetch,
      tokens: async () => expect.unreachable('a token was asked for'),
    });
    expect(await failure(byAuthority.service.acquireUseLicense(license))).toMatchObject({
      code: 'UNTRUSTED_SERVICE',
    });
    for (const { seen } of [byRecord, byRedirect, byAuthority])
      for (const { host, authorization } of seen) {
        expect(host).not.toContain('evil');
        expect(authorization === null || [allowedHost, 'api.aadrm.com'].includes(host)).toBe(true);
      }
  });

  it('cannot send discovery in circles', async () => {
    const { service, seen } = stage((url) =>
      json([{ Name: 'enduserlicenses', Uri: `${url.origin}/my/v2/servicediscovery?service=again` }]),
    );
    expect(await failure(service.acquireUseLicense(license))).toMatchObject({
      code: 'MALFORMED_ANSWER',
      details: { field: '[0].Uri' },
    });
    expect(seen.length).toBeLessThan(6);
  });
});

describe('a service that gives nonsense', () => {
  it.each([
    ['a key that is too short', { Key: keyMessage(new Uint8Array(8)) }, 'MALFORMED_ANSWER', 'Key.Value'],
    ['a key that is too long', { Key: keyMessage(new Uint8Array(64)) }, 'MALFORMED_ANSWER', 'Key.Value'],
    [
      'an endless key',
      { Key: { ...keyMessage(), Value: 'A'.repeat(1_000_000) } },
      'MALFORMED_ANSWER',
      'Key.Value',
    ],
    [
      'a key that is too short for the cipher mode',
      { Key: keyMessage(new Uint8Array(16), 'SEALWRIGHT.GCM64K') },
      'MALFORMED_ANSWER',
      'Key.Value',
    ],
    ['no key', { Key: null }, 'MALFORMED_ANSWER', 'Key'],
    [
      'an unknown cipher mode',
      { Key: keyMessage(contentKey, 'MICROSOFT.XTS') },
      'UNSUPPORTED_CIPHER_MODE',
      'Key.CipherMode',
    ],
    [
      'another algorithm',
      { Key: { ...keyMessage(), Algorithm: 'RC4' } },
      'MALFORMED_ANSWER',
      'Key.Algorithm',
    ],
    [
      'the key of another content',
      { ContentId: '{11111111-2222-4333-8444-555555555555}' },
      'MALFORMED_ANSWER',
      'ContentId',
    ],
  ])('is caught by the field: %s', async (_, more, code, field) => {
    const { service } = stage(answering({ ...granted, ...more }));
    const error = await failure(service.acquireUseLicense(license));
    expect(error).toMatchObject({ code, details: { field } });
    expect(error.message.length).toBeLessThan(1000);
  });

  it('does not get its words, or our token, into an error', async () => {
    const { service } = stage((url) =>
      url.pathname.endsWith('/servicediscovery')
        ? json(endpointList(`${url.origin}/my/v2`))
        : json({ Code: `x ${token}`, Message: `\u001b[2J${token}` }, 400),
    );
    const error = await failure(service.acquireUseLicense(license));
    expect(error.message).not.toContain('\u001b');
    expect(JSON.stringify(error.details)).not.toContain(token);
  });

  it('makes a whole file fail the same way', async () => {
    const header = pfileFormat.header({
      publishingLicense: license,
      originalExtension: '.txt',
      originalSize: 5,
    });
    const file = Uint8Array.from([...header.bytes, ...new Uint8Array(16)]);
    const { service } = stage(answering({ ...granted, Key: keyMessage(contentKey, 'MICROSOFT.XTS') }));
    await expect(open(file, { service })).rejects.toMatchObject({ code: 'UNSUPPORTED_CIPHER_MODE' });
  });
});

describe('a license that is no license', () => {
  it.each([
    ['empty', new Uint8Array(0), 'MALFORMED_LICENSE'],
    ['of zeros', new Uint8Array(4096), 'MALFORMED_LICENSE'],
    ['some text', encodeUtf8('hello'), 'MALFORMED_LICENSE'],
    ['some XML', encodeUtf8('<?xml version="1.0"?><XrML><BODY/></XrML>'), 'MALFORMED_LICENSE'],
    ['endless', new Uint8Array(2 * 1024 * 1024), 'LIMIT_EXCEEDED'],
  ])('is sent nowhere: %s', async (_, bytes, code) => {
    const { service, seen } = stage(answering(granted));
    expect(await failure(service.acquireUseLicense(bytes))).toMatchObject({ code });
    expect(await failure(service.registerForTracking(bytes, 'x'))).toMatchObject({ code });
    expect(seen).toEqual([]);
  });

  it('is sent nowhere when it was cut anywhere', async () => {
    const { service, seen } = stage(answering(granted));
    for (let length = 0; length < license.length; length += 97)
      expect((await failure(service.acquireUseLicense(license.subarray(0, length)))).code).toMatch(
        /^(MALFORMED_LICENSE|UNTRUSTED_SERVICE)$/,
      );
    expect(seen).toEqual([]);
  });
});
