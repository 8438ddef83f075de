import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, property, string } from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SealwrightError } from '../../errors.ts';
import { networkFetch } from './network-fetch.ts';
import { parsePacAnswer } from './pac-chain.ts';
import { pacScript } from './pac-script.ts';
import { proxyName } from './proxy.ts';

const { signal } = new AbortController();
const straight = () => networkFetch({ proxy: 'none' });
const ask = (script: string, url = 'https://rms.contoso.com/my/v2?secret=1') =>
  pacScript({ script }, straight)(new URL(url), { signal });
const names = (routes: Awaited<ReturnType<typeof ask>>) =>
  routes.map((route) => (route === 'direct' ? route : proxyName(route)));
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error as SealwrightError,
  );

const cleanup: (() => void)[] = [];
afterEach(() => {
  for (const undo of cleanup.splice(0)) undo();
});

describe('parsePacAnswer', () => {
  it.each([
    ['DIRECT', ['direct']],
    ['', ['direct']],
    [null, ['direct']],
    [
      'PROXY a.contoso.com:3128; HTTPS b.contoso.com:8443;DIRECT',
      ['a.contoso.com:3128', 'https://b.contoso.com:8443', 'direct'],
    ],
    ['proxy a.contoso.com', ['a.contoso.com:80']],
    ['PROXY [::1]:3128', ['[::1]:3128']],
    ['SOCKS5 s.contoso.com:1080; PROXY a.contoso.com:3128', ['a.contoso.com:3128']],
  ])('reads %j', (answer, routes) => {
    expect(names(parsePacAnswer(answer))).toEqual(routes);
  });

  it('reads any answer or refuses it typed', () => {
    assert(
      property(string({ unit: 'binary' }), string(), (text, host) => {
        for (const answer of [text, `PROXY ${text}`, `DIRECT; HTTPS ${host}:${text}`]) {
          try {
            expect(parsePacAnswer(answer).length).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(SealwrightError);
          }
        }
      }),
    );
  });

  it('refuses an answer that names SOCKS proxies only', () => {
    expect(() => parsePacAnswer('SOCKS s.contoso.com:1080')).toThrow(/SOCKS proxy, s.contoso.com:1080/);
  });
});

describe('pacScript', () => {
  it('tells the script the origin and the host, and nothing behind them', async () => {
    const script = 'function FindProxyForURL(url, host) { return "PROXY " + host + ":" + url.length; }';
    expect(names(await ask(script))).toEqual([`rms.contoso.com:${'https://rms.contoso.com/'.length}`]);
  });

  it('has the usual functions', async () => {
    const script = `function FindProxyForURL(url, host) {
      alert('not printed');
      if (isInNet('127.0.0.1', '127.0.0.0', '255.0.0.0') && /^[0-9.]+$/.test(myIpAddress()) && dnsDomainIs(host, '.contoso.com') && shExpMatch(url, 'https:*'))
        return 'PROXY p:1';
      return 'DIRECT';
    }`;
    const print = vi.spyOn(console, 'log');
    expect(names(await ask(script))).toEqual(['p:1']);
    expect(print).not.toHaveBeenCalled();
  });

  it.concurrent.each([
    ['never ends', 'function FindProxyForURL() { for (;;) {} }'],
    ['throws', 'function FindProxyForURL() { throw new Error("no"); }'],
    [
      'takes all memory',
      'function FindProxyForURL() { let a = []; for (;;) a.push(new Array(1e5).fill("x")); }',
    ],
    ['is no script', '<html>Sign in</html>'],
    ['has no FindProxyForURL', 'var a = 1;'],
    ['wants at this process', 'function FindProxyForURL() { return process.env.HOME; }'],
    ['is too long', ' '.repeat(1_048_577)],
  ])('fails typed where a script %s', async (_, script) => {
    const started = Date.now();
    expect(await failure(ask(script))).toMatchObject({
      code: 'PROXY_FAILED',
      details: { reason: 'pac-failed' },
    });
    expect(Date.now() - started).toBeLessThan(15_000);
  });

  it('loads a script from a file or a URL, and once', async () => {
    const text = 'function FindProxyForURL(url, host) { return "PROXY p:1"; }';
    const folder = mkdtempSync(join(tmpdir(), 'sealwright-pac-'));
    cleanup.push(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'proxy.pac');
    writeFileSync(path, text);
    const url = new URL('https://rms.contoso.com/');
    expect(names(await pacScript(path, straight)(url, { signal }))).toEqual(['p:1']);
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanup.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const byUrl = pacScript(`http://127.0.0.1:${port}/proxy.pac`, straight);
    expect(names(await byUrl(url, { signal }))).toEqual(['p:1']);
    expect(names(await byUrl(new URL('https://other.contoso.com'), { signal }))).toEqual(['p:1']);
    expect(asked).toBe(1);
  });

  it('fails typed where the script is missing, too long or not given', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/long') response.end(Buffer.alloc(2_000_000, 32));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanup.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const places = [
      '/there/is/none.pac',
      `http://127.0.0.1:${port}/none`,
      `http://127.0.0.1:${port}/long`,
      'http://127.0.0.1:1/',
    ];
    for (const place of places) {
      const error = await failure(pacScript(place, straight)(new URL('https://rms.contoso.com'), { signal }));
      expect(error).toMatchObject({ code: 'PROXY_FAILED', details: { reason: 'pac-unreadable' } });
    }
  });
});
