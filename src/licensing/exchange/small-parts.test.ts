import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../bytes/index.ts';
import { checkLicensorKey, firstUseKeys, pinnedKeys } from './key-pins.ts';
import { networkFailure } from './network-failure.ts';
import { platformId } from './platform-id.ts';
import { printableSentence } from './printable.ts';
import { readJson } from './read-json.ts';
import { newRequestId } from './request-id.ts';
import { retryAfter } from './retry-after.ts';

describe('readJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const reading = readJson(encodeUtf8(text));
        if (!/__proto__/.test(text)) expect(reading).toEqual({ value: JSON.parse(text) });
      }),
    );
  });

  it('refuses nesting beyond the maximum, but not brackets in strings', () => {
    expect(readJson(encodeUtf8('['.repeat(65) + ']'.repeat(65)))).toEqual({ problem: 'too-deep' });
    expect(readJson(encodeUtf8('['.repeat(5_000_000)))).toEqual({ problem: 'too-deep' });
    expect(readJson(encodeUtf8('['.repeat(64) + ']'.repeat(64))).problem).toBeUndefined();
    expect(readJson(encodeUtf8(JSON.stringify(`\\"${'['.repeat(1000)}`))).problem).toBeUndefined();
  });

  it('drops members that would reach prototypes, however they are spelled', () => {
    for (const key of ['__proto__', '\\u005f_proto__', '_\\u005Fproto_\\u005f']) {
      const { value } = readJson(encodeUtf8(`{"${key}":{"admin":true},"a":1}`)) as { value: object };
      expect(Object.assign({}, value)).not.toHaveProperty('admin');
      expect(Object.keys(value)).toEqual(['a']);
    }
  });

  it('says why something is no JSON', () => {
    expect(readJson(encodeUtf8('{"a":'))).toEqual({ problem: 'not-json' });
    expect(readJson(Uint8Array.of(0x22, 0xff, 0x22))).toEqual({ problem: 'not-utf8' });
  });
});

describe('retryAfter', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  it('reads seconds and each format of dates', () => {
    expect(retryAfter(' 120 ', now)).toBe(120_000);
    expect(retryAfter('Thu, 01 Jan 2026 00:00:30 GMT', now)).toBe(30_000);
    expect(retryAfter('Thursday, 01-Jan-26 00:00:30 GMT', now)).toBe(30_000);
    expect(retryAfter('Thu Jan  1 00:00:30 2026', now)).toBe(30_000);
    expect(retryAfter('Wed, 31 Dec 2025 23:00:00 GMT', now)).toBe(0);
  });
  it('passes over what makes no sense', () => {
    for (const text of [null, '', 'soon', '-5', '1.5', '9999999999999', 'Thu, 99 Xxx'])
      expect(retryAfter(text, now)).toBeUndefined();
  });
});

describe('platformId', () => {
  it('lists what is known, without anything that would end a value', () => {
    const facts = { name: 'My;App="x"\r\n', version: '1.0', platform: 'Mac', platformVersion: 'é10.15' };
    expect(platformId(facts)).toBe(
      'AppName=MyAppx;AppVersion=1.0;DevicePlatform=Mac;OSVersion=e10.15;SDKVersion=4.3;',
    );
    expect(platformId()).toMatch(/^AppName=Sealwright;.*SDKVersion=4\.3;$/);
  });
});

describe('newRequestId', () => {
  it('is two different GUIDs without braces', () => {
    const guid = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
    expect(newRequestId()).toMatch(new RegExp(`^${guid};${guid}$`));
    expect(newRequestId()).not.toBe(newRequestId());
  });
});

describe('printableSentence', () => {
  it('keeps a sentence on one line and leaves out what may be a secret', () => {
    expect(printableSentence('  The\u001b[31m token\r\nis bad\u202e ')).toBe('The [31m token is bad');
    expect(printableSentence(`a ${'x'.repeat(40)} b`)).toBe('a … b');
    expect(printableSentence('x y '.repeat(500))).toHaveLength(301);
    expect(printableSentence(5)).toBeUndefined();
    expect(printableSentence(' ')).toBeUndefined();
  });
});

describe('networkFailure', () => {
  const url = new URL('https://rms.contoso.com');
  const failed = (code: string) =>
    networkFailure(new TypeError('fetch failed', { cause: { code } }), url, 'id');
  it.each([
    ['ENOTFOUND', 'SERVICE_UNAVAILABLE', 'dns', true, false],
    ['EAI_AGAIN', 'SERVICE_UNAVAILABLE', 'dns', true, true],
    ['ECONNREFUSED', 'SERVICE_UNAVAILABLE', 'refused', true, true],
    ['ECONNRESET', 'SERVICE_UNAVAILABLE', 'reset', false, true],
    ['UND_ERR_SOCKET', 'SERVICE_UNAVAILABLE', 'reset', false, true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SERVICE_UNAVAILABLE', 'tls', true, false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'SERVICE_UNAVAILABLE', 'tls', true, false],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'SERVICE_UNAVAILABLE', 'tls', true, false],
    ['EHOSTUNREACH', 'SERVICE_UNAVAILABLE', 'unreachable', true, true],
    ['UND_ERR_CONNECT_TIMEOUT', 'TIMED_OUT', 'connect', true, true],
    ['UND_ERR_HEADERS_OVERFLOW', 'LIMIT_EXCEEDED', 'headers-too-long', false, false],
    ['HPE_INVALID_CONSTANT', 'MALFORMED_ANSWER', 'not-http', false, false],
    ['ESOMETHING', 'SERVICE_UNAVAILABLE', 'network', false, true],
  ])('tells %s apart', (code, errorCode, reason, unsent, passing) => {
    const failure = failed(code);
    expect(failure).toMatchObject({
      unsent,
      passing,
      error: { code: errorCode, details: { reason, host: url.hostname, requestId: 'id' } },
    });
    expect(failure.error.message).toContain('rms.contoso.com');
  });

  it('looks into lists of attempts, and bears errors that contain themselves', () => {
    const list = new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]);
    expect(networkFailure(new TypeError('fetch failed', { cause: list }), url, '').error.details.reason).toBe(
      'refused',
    );
    const loop: Error & { cause?: unknown } = new Error('x');
    loop.cause = loop;
    expect(networkFailure(loop, url, '').error.details.reason).toBe('network');
    expect(networkFailure(undefined, url, '').error.details.reason).toBe('network');
  });
});

describe('checkLicensorKey', () => {
  const key = Uint8Array.of(1, 2, 3);
  const sha256 = '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81';

  it('takes the pinned key, in any spelling, and refuses another one', async () => {
    const keys = pinnedKeys({ 'RMS.contoso.com': sha256.toUpperCase() });
    await checkLicensorKey('rms.CONTOSO.com', key, { keys });
    await checkLicensorKey('other.contoso.com', Uint8Array.of(9), { keys });
    await checkLicensorKey('rms.contoso.com', Uint8Array.of(9), undefined);
    await expect(checkLicensorKey('rms.contoso.com', Uint8Array.of(9), { keys })).rejects.toMatchObject({
      code: 'UNTRUSTED_SERVICE',
      details: { reason: 'key-not-pinned', host: 'rms.contoso.com' },
    });
    expect(() => pinnedKeys({ a: 'zz' })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it('pins the first key of a host where that is wanted, also when two come at once', async () => {
    const keys = firstUseKeys();
    const both = await Promise.allSettled([
      checkLicensorKey('rms.contoso.com', key, { keys }),
      checkLicensorKey('rms.contoso.com', Uint8Array.of(9), { keys }),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(keys.get('rms.contoso.com')).resolves.toBe(sha256);
  });
});
