import { describe, expect, it } from 'vitest';
import { askServer } from './server-facts.ts';

const failing = (code: string): typeof globalThis.fetch => {
  return async () => {
    throw new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
  };
};

describe('a server that cannot be asked', () => {
  it.each([
    ['a name nobody knows', 'ENOTFOUND', 'Check its spelling'],
    ['a port where nothing listens', 'ECONNREFUSED', 'nothing listens there'],
    ['https:// to a server without', 'ERR_SSL_WRONG_VERSION_NUMBER', 'http:// for https://'],
    ['http:// to a server with TLS', 'UND_ERR_SOCKET', 'https:// for http://'],
    ['a certificate of its own', 'DEPTH_ZERO_SELF_SIGNED_CERT', '--ca FILE'],
    ['a certificate of another host', 'ERR_TLS_CERT_ALTNAME_INVALID', 'Check the name'],
    ['anything else', 'EHOSTUNREACH', 'does not answer'],
  ])('says what to do about %s', async (_, code, says) => {
    const asked = askServer('https://rms.contoso.com', failing(code), new AbortController().signal);
    await expect(asked).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringContaining(says),
    });
    await expect(asked).rejects.toThrow(
      '"sealwright doctor --service https://rms.contoso.com" finds out more.',
    );
  });
});
