import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLoopback } from './loopback.ts';
import { parseNoProxy } from './no-proxy.ts';
import { proxyName } from './proxy.ts';
import { proxyFromEnvironment } from './proxy-environment.ts';
import { routeFinder } from './routes.ts';

describe('parseNoProxy', () => {
  it.each([
    ['contoso.com', 'https://contoso.com', true],
    ['contoso.com', 'https://rms.contoso.com', true],
    ['contoso.com', 'https://notcontoso.com', false],
    ['.contoso.com', 'https://rms.contoso.com', true],
    ['.contoso.com', 'https://contoso.com', true],
    ['*.contoso.com', 'https://a.b.contoso.com', true],
    ['CONTOSO.com.', 'https://rms.Contoso.com.', true],
    ['contoso.com:8443', 'https://contoso.com:8443', true],
    ['contoso.com:8443', 'https://contoso.com', false],
    ['contoso.com:443', 'https://contoso.com', true],
    ['*', 'https://anything.example', true],
    ['10.0.0.5', 'https://10.0.0.5', true],
    ['10.0.0.5', 'https://10.0.0.6', false],
    ['10.0.0.5:8443', 'https://10.0.0.5', false],
    ['10.0.0.0/8', 'https://10.200.0.1:8443', true],
    ['10.0.0.0/8', 'https://11.0.0.1', false],
    ['10.0.0.0/8', 'https://rms.contoso.com', false],
    ['10.0.0.0/99', 'https://10.0.0.1', false],
    ['fd00::/8', 'https://[fd12::1]', true],
    ['fd00::/8', 'https://[2001:db8::1]', false],
    ['::1', 'https://[::1]', true],
    ['[fd00::1]:8443', 'https://[fd00::1]:8443', true],
    ['[fd00::1]:8443', 'https://[fd00::1]', false],
    ['a.com, b.com c.com', 'https://c.com', true],
    ['', 'https://contoso.com', false],
    ['. , *., /8', 'https://contoso.com', false],
  ])('"%s" and %s: %s', (text, url, bypass) => {
    expect(parseNoProxy([text])(new URL(url))).toBe(bypass);
  });
});

describe('parseNoProxy of anything', () => {
  it('never throws', () => {
    const url = new URL('https://rms.contoso.com');
    assert(
      property(
        string({ unit: 'binary' }),
        (text) => typeof parseNoProxy([text, `${text}/8`])(url) === 'boolean',
      ),
    );
  });
});

describe('proxyFromEnvironment', () => {
  const named = (env: Record<string, string>, url = 'https://rms.contoso.com') => {
    const found = proxyFromEnvironment(env, new URL(url));
    return found && `${found.variable} ${proxyName(found.proxy)}`;
  };

  it('prefers lower case, the scheme of the URL, and an empty variable counts as none', () => {
    expect(named({ https_proxy: 'http://a:1', HTTPS_PROXY: 'http://b:1' })).toBe('https_proxy a:1');
    expect(named({ https_proxy: '', HTTPS_PROXY: 'b' })).toBe('HTTPS_PROXY b:80');
    expect(named({ HTTP_PROXY: 'http://b:1' })).toBeUndefined();
    expect(named({ HTTP_PROXY: 'http://b:1' }, 'http://rms.contoso.com')).toBe('HTTP_PROXY b:1');
    expect(named({ ALL_PROXY: 'https://c', HTTP_PROXY: 'http://b:1' })).toBe('ALL_PROXY https://c:443');
  });

  it('does not take HTTP_PROXY in a CGI program, where anybody can set it', () => {
    const env = { HTTP_PROXY: 'http://b:1', REQUEST_METHOD: 'GET' };
    expect(named(env, 'http://rms.contoso.com')).toBeUndefined();
  });
});

describe('routeFinder', () => {
  const { signal } = new AbortController();
  const because = async (options: Parameters<typeof routeFinder>[0], url = 'https://rms.contoso.com') =>
    (await routeFinder(options, undefined)(new URL(url), { signal })).because;

  it('says who decided', async () => {
    const env = { HTTPS_PROXY: 'http://a:1', NO_PROXY: 'example.com' };
    expect(await because({ env })).toBe('HTTPS_PROXY');
    expect(await because({ env }, 'https://www.example.com')).toBe('NO_PROXY excepts this host');
    expect(await because({ env, noProxy: 'contoso.com' })).toBe('NO_PROXY excepts this host');
    expect(await because({ env, proxy: 'none' })).toBe('proxies are switched off');
    expect(await because({ env, proxy: 'b:1' })).toBe('the option "proxy"');
    expect(await because({ env, proxy: 'b:1', noProxy: ['contoso.com'] })).toBe('noProxy excepts this host');
    expect(await because({ env }, 'https://127.0.0.1:8443')).toBe('this machine itself needs no proxy');
  });
});

describe('isLoopback', () => {
  it.each([
    ['localhost', true],
    ['a.localhost.', true],
    ['127.1.2.3', true],
    ['[::1]', true],
    ['[::ffff:127.0.0.1]', true],
    ['128.0.0.1', false],
    ['localhost.contoso.com', false],
    ['[fe80::1]', false],
  ])('%s: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
