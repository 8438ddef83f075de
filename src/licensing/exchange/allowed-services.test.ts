import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServiceTrust } from '../service-trust.ts';
import { allowedServices, checkedServiceUrl } from './allowed-services.ts';

const reasonOf = (url: string, trust?: ServiceTrust, named?: string[]): string | undefined => {
  try {
    checkedServiceUrl(url, { trust, named }, 'The license');
    return undefined;
  } catch (error) {
    const { code, details } = error as { code: string; details: { reason: string } };
    expect(code).toBe('UNTRUSTED_SERVICE');
    return details.reason;
  }
};

describe('allowedServices', () => {
  it('allows the public clouds by default, and only those that are named otherwise', () => {
    for (const host of [
      'api.aadrm.com',
      'x.rms.eu.aadrm.com',
      'api.aadrm.us',
      'api.aadrm.cn',
      'API.AADRM.COM',
    ])
      expect(reasonOf(`https://${host}/my/v2`)).toBeUndefined();
    expect(reasonOf('https://api.aadrm.com', { clouds: [] })).toBe('host-not-allowed');
    expect(reasonOf('https://api.aadrm.com', { clouds: ['china'] })).toBe('host-not-allowed');
    expect(reasonOf('https://api.aadrm.cn', { clouds: ['china'] })).toBeUndefined();
  });

  it('is not fooled by hosts that look alike', () => {
    for (const host of [
      'aadrm.com',
      'evilaadrm.com',
      'api.aadrm.com.evil.example',
      'api.aadrm.com:8443',
      'api-aadrm.com',
      'api.aаdrm.com',
      'api.aadrm.com%2eevil.example',
      'evil.example\\.aadrm.com',
      'evil.example/.aadrm.com',
      'evil.example#.aadrm.com',
      '127.0.0.1',
      '0x7f000001',
      '2130706433',
      '[::1]',
      '[::ffff:169.254.169.254]',
      '169.254.169.254',
      'localhost',
    ])
      expect(reasonOf(`https://${host}/`), host).toMatch(/^(host-not-allowed|not-a-url)$/);
    expect(reasonOf('https://api.aadrm.com@evil.example/')).toBe('userinfo');
    expect(reasonOf('https://user:pass@api.aadrm.com/')).toBe('userinfo');
    expect(reasonOf('https://api.aadrm.com./')).toBe('trailing-dot');
    expect(reasonOf('http://api.aadrm.com/')).toBe('not-https');
    expect(reasonOf('file:///etc/passwd')).toBe('not-https');
    expect(reasonOf('javascript:alert(1)')).toBe('not-https');
    expect(reasonOf('no address')).toBe('not-a-url');
  });

  it('reads hosts with wildcards and ports, in any spelling', () => {
    const trust = {
      hosts: ['RMS.contoso.com', '*.fabrikam.com:8443', 'bücher.example', '[::1]:9000', '10.1.2.3'],
    };
    for (const url of [
      'https://rms.contoso.com',
      'https://rms.contoso.com:443',
      'https://a.b.fabrikam.com:8443/x',
      'https://xn--bcher-kva.example',
      'https://BÜCHER.example',
      'https://[::1]:9000',
      'https://[0:0:0:0:0:0:0:1]:9000',
      'https://10.1.2.3',
      'https://0x0a010203',
    ])
      expect(reasonOf(url, trust), url).toBeUndefined();
    for (const url of [
      'https://a.rms.contoso.com',
      'https://rms.contoso.com:444',
      'https://fabrikam.com:8443',
      'https://a.fabrikam.com',
      'https://[::1]',
    ])
      expect(reasonOf(url, trust), url).toBe('host-not-allowed');
  });

  it('gives nobody outside the clouds a token for the management of a cloud, by whatever name', () => {
    const allowed = allowedServices({ named: ['https://rms.contoso.com'] });
    for (const audience of [
      '797F4846-ba00-4fd7-ba43-dac1f8f63013',
      'openid api://499b84ac-1321-427f-aa17-267ca6975798/.default',
      'https://api.spaces.skype.com',
    ])
      expect(() => allowed.audience(audience, new URL('https://rms.contoso.com')), audience).toThrow(
        expect.objectContaining({ code: 'UNTRUSTED_SERVICE' }),
      );
  });

  it('refuses patterns that would allow more than anyone means', () => {
    for (const host of [
      '*',
      '*.com',
      '*.1.2.3',
      'https://x.com',
      'x.com/path',
      'a*.com',
      '',
      'x.com.',
      'x.com:99999',
    ])
      expect(() => allowedServices({ trust: { hosts: [host] } }), host).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      );
    expect(() => allowedServices({ named: ['rms.contoso.com'] })).toThrow(/write https:/);
    expect(() => allowedServices({ trust: { clouds: ['toString' as 'china'] } })).toThrow(/no cloud/);
  });

  it('allows what the application named, at its own port only', () => {
    const named = ['https://rms.contoso.com:8443/my/v2'];
    expect(reasonOf('https://rms.contoso.com:8443/other', {}, named)).toBeUndefined();
    expect(reasonOf('https://rms.contoso.com/my/v2', {}, named)).toBe('host-not-allowed');
  });

  it('allows plain HTTP to this machine only, only when told, and only where the host is allowed', () => {
    const named = ['http://127.0.0.1:8080', 'http://rms.contoso.com'];
    expect(reasonOf('http://127.0.0.1:8080/', {}, named)).toBe('not-https');
    const trust = { insecureLoopback: true };
    expect(reasonOf('http://127.0.0.1:8080/', trust, named)).toBeUndefined();
    expect(reasonOf('http://127.0.0.1:8081/', trust, named)).toBe('host-not-allowed');
    expect(reasonOf('http://rms.contoso.com/', trust, named)).toBe('not-https');
    expect(reasonOf('http://localhost.evil.example/', trust, named)).toBe('not-https');
  });

  it('says where it wanted to go and how to allow it, without what stands behind the path', () => {
    const url = 'https://rms.partner.example:444/my/v2/x?email=somebody@partner.example';
    expect(() => checkedServiceUrl(url, {}, 'The license')).toThrow(
      /^The license points to https:\/\/rms\.partner\.example:444\/my\/v2\/x, .*hosts: \['rms\.partner\.example:444'\].*--trust rms\.partner\.example:444/,
    );
    expect(() => checkedServiceUrl(url, {}, 'The license')).not.toThrow(/somebody/);
  });

  it('holds authorities against origins and paths', () => {
    const service = new URL('https://rms.contoso.com');
    const allowed = allowedServices({
      named: [service],
      trust: { authorities: ['https://login.contoso.com/tenant/'] },
    });
    for (const authority of [
      'https://login.contoso.com/tenant',
      'https://login.contoso.com/tenant/oauth2/authorize',
      'https://login.microsoftonline.com/common',
      'https://rms.contoso.com/issuer',
      'https://rms.contoso.com',
    ])
      expect(allowed.authority(authority, service)).toBe(authority);
    for (const authority of [
      'https://login.contoso.com/',
      'https://login.contoso.com/tenants',
      'https://login.contoso.com/tenant/../other',
      'https://login.contoso.com/tenant/%2e%2e/other',
      'https://login.contoso.com/tenant/..%2fother',
      'https://login.contoso.com:444/tenant',
      'https://login.microsoftonline.com.evil.example/common',
      'https://login.microsoftonline.com@evil.example/',
      'http://login.microsoftonline.com/common',
    ])
      expect(() => allowed.authority(authority, service), authority).toThrow(
        expect.objectContaining({ code: 'UNTRUSTED_SERVICE' }),
      );
    // The service of somebody else does not become an issuer because this one is named.
    expect(() => allowed.authority('https://rms.contoso.com/', new URL('https://api.aadrm.com'))).toThrow();
  });

  it('gives an allowed https host back or refuses, whatever it is given', () => {
    const part = fc.constantFrom(
      'https:',
      'http:',
      '//',
      '/',
      '\\',
      '@',
      ':',
      '.',
      'aadrm.com',
      'evil',
      '%2e',
      '?',
      '#',
      '443',
      '\t',
      'é',
      '[',
      ']',
    );
    const allowed = allowedServices();
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        try {
          const url = allowed.service(parts.join(''), 'The license');
          expect(url.protocol).toBe('https:');
          expect(url.host.endsWith('.aadrm.com')).toBe(true);
          expect(url.username + url.password).toBe('');
        } catch (error) {
          expect(error).toMatchObject({ code: 'UNTRUSTED_SERVICE' });
        }
      }),
    );
  });
});
