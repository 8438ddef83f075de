import { describe, expect, it } from 'vitest';
import { discoveryUrl, serviceRoot } from './service-root.ts';

describe('the root of a service', () => {
  it.each([
    ['https://rms.contoso.com', undefined, 'https://rms.contoso.com/my/v2'],
    ['https://rms.contoso.com/', undefined, 'https://rms.contoso.com/my/v2'],
    ['https://rms.contoso.com/my/v2', undefined, 'https://rms.contoso.com/my/v2'],
    ['https://rms.contoso.com/my/v1/', undefined, 'https://rms.contoso.com/my/v1'],
    ['https://rms.contoso.com/my/v1/servicediscovery', 'v2', 'https://rms.contoso.com/my/v2'],
    ['https://rms.contoso.com/my/v2/servicediscovery/', 'v1', 'https://rms.contoso.com/my/v1'],
    ['https://RMS.Contoso.com:8443/MY/V1', undefined, 'https://rms.contoso.com:8443/my/v1'],
    ['https://contoso.com/rights/my/v2', undefined, 'https://contoso.com/rights/my/v2'],
    ['https://contoso.com/rights', 'v1', 'https://contoso.com/rights/my/v1'],
    ['http://127.0.0.1:8080', undefined, 'http://127.0.0.1:8080/my/v2'],
  ] as const)('%s with %s is %s', (url, wanted, expected) => {
    expect(serviceRoot(url, wanted).url).toBe(expected);
    expect(serviceRoot(new URL(url), wanted).version).toBe(expected.slice(-2));
  });

  it.each([
    'rms.contoso.com',
    'ftp://rms.contoso.com',
    'https://a:b@rms.contoso.com',
    'https://rms.contoso.com/?x=1',
    '',
  ])('refuses %j', (url) =>
    expect(() => serviceRoot(url)).toThrowError(expect.objectContaining({ code: 'INVALID_ARGUMENT' })),
  );

  it('encodes what discovery is asked about', () => {
    const root = serviceRoot('https://rms.contoso.com');
    expect(discoveryUrl(root, { kind: 'email', value: 'a+b&c=d@contoso.com' }).href).toBe(
      'https://rms.contoso.com/my/v2/servicediscovery?email=a%2Bb%26c%3Dd%40contoso.com',
    );
    expect(
      discoveryUrl(root, { kind: 'service', value: 'https://x.example/_wmcs/licensing?q=1#f' }).search,
    ).toBe('?service=https%3A%2F%2Fx.example%2F_wmcs%2Flicensing%3Fq%3D1%23f');
    expect(discoveryUrl(root, undefined).search).toBe('');
  });
});
