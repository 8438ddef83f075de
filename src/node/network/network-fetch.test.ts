import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { selfSignedCertificate, testCertificate } from '../../../spec/conformance/test-certificate.ts';
import { SealwrightError } from '../../errors.ts';
import { type NetworkFetch, networkFetch } from './network-fetch.ts';
import type { NetworkOptions } from './network-options.ts';
import { type ProxyRule, startTestProxy, startTestService } from './test-proxy.test-support.ts';

const { ca } = testCertificate();
const open: { close(): Promise<void> }[] = [];
const kept = <T extends { close(): Promise<void> }>(thing: T): T => {
  open.push(thing);
  return thing;
};
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

const trusting = (options: NetworkOptions = {}): NetworkFetch =>
  kept(networkFetch({ env: {}, certificateAuthorities: [ca], ...options }));
const service = async (options: object = {}) => kept(await startTestService(options));
const proxy = async (rule?: ProxyRule, options?: { tls: boolean }) =>
  kept(await startTestProxy(rule, options));
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error as SealwrightError,
  );

describe('networkFetch', () => {
  it('sends a request straight where no proxy is configured, and keeps the connection for the next', async () => {
    const { port } = await service();
    const fetch = trusting();
    const first = await fetch(`https://localhost:${port}/a`, { method: 'POST', body: 'text' });
    expect(first.headers.get('x-path')).toBe('/a');
    expect(await first.text()).toBe('text');
    await setTimeout(10);
    const second = await fetch(new Request(`https://localhost:${port}/b`, { method: 'POST', body: 'more' }));
    expect(await second.text()).toBe('more');
    expect(second.headers.get('x-connection')).toBe(first.headers.get('x-connection'));
  });

  it('refuses an authority it was not told of, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    const { port } = await service();
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const error = await failure(kept(networkFetch({ env: {} }))(`https://localhost:${port}/`));
    expect((error.cause as { code: string }).code).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED/);
  });

  it('takes NODE_EXTRA_CA_CERTS beside authorities of its own', async () => {
    const { port } = await service();
    const folder = mkdtempSync(join(tmpdir(), 'sealwright-network-'));
    try {
      const extra = join(folder, 'extra.pem');
      writeFileSync(extra, ca);
      const options = {
        certificateAuthorities: [selfSignedCertificate('Another authority').cert],
        env: { NODE_EXTRA_CA_CERTS: extra },
      };
      const response = await trusting(options)(`https://localhost:${port}/`);
      expect(response.status).toBe(200);
      const without = await failure(trusting({ ...options, env: {} })(`https://localhost:${port}/`));
      expect(without.message).toBe('fetch failed');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('does not speak TLS 1.1', async () => {
    const { port } = await service({
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    const error = await failure(trusting()(`https://localhost:${port}/`));
    expect((error.cause as { code: string }).code).toMatch(/PROTOCOL/);
  });

  it('shows a client certificate to a service that asks for one', async () => {
    const { cert, key } = testCertificate();
    const { port } = await service({ requestCert: true, rejectUnauthorized: false, ca });
    const without = await trusting()(`https://localhost:${port}/`);
    expect(without.headers.get('x-client')).toBe('nobody');
    const response = await trusting({ clientCertificate: { cert, key } })(`https://localhost:${port}/`);
    expect(response.headers.get('x-client')).toBe('localhost');
  });

  it('says what is wrong with certificates that cannot be used', () => {
    expect(() => networkFetch({ certificateAuthorities: ['no certificate'] })).toThrow(/holds|certificate/);
    expect(() => networkFetch({ clientCertificate: { cert: 'x', key: 'y' } })).toThrow(SealwrightError);
    expect(() => networkFetch({ clientCertificate: { pfx: new Uint8Array(5) } })).toThrow(/PKCS#12/);
  });

  it('goes through the proxy of the environment, by HTTP and by HTTPS', async () => {
    const { port } = await service();
    for (const tls of [false, true]) {
      const { url, asked } = await proxy(undefined, { tls });
      const fetch = trusting({ env: { HTTPS_PROXY: url }, lookup: loopbackLookup });
      // The certificate is for localhost: a name that is not loopback by its spelling needs the proxy's look-up.
      const response = await failure(fetch(`https://rms.contoso.com:${port}/`));
      expect((response.cause as { code: string }).code).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
      expect(asked).toEqual([{ target: `rms.contoso.com:${port}`, authorization: undefined }]);
    }
  });

  it('leaves this machine itself out of the proxy, unless it is asked not to', async () => {
    const { port } = await service();
    const { url, asked } = await proxy();
    await trusting({ proxy: url })(`https://localhost:${port}/`);
    expect(asked).toEqual([]);
    await trusting({ proxy: url, proxyLoopback: true })(`https://localhost:${port}/`);
    expect(asked).toEqual([{ target: `localhost:${port}`, authorization: undefined }]);
  });

  it('shows a proxy the credentials of its URL, decoded', async () => {
    const { port } = await service();
    const { port: proxyPort, asked } = await proxy();
    const fetch = trusting({ proxy: `http://alice:p%40ss@127.0.0.1:${proxyPort}`, proxyLoopback: true });
    await fetch(`https://localhost:${port}/`);
    expect(asked[0]?.authorization).toBe(`Basic ${Buffer.from('alice:p@ss').toString('base64')}`);
  });

  it('asks for another bearer token once when the proxy refuses the first', async () => {
    const { port } = await service();
    const { url, asked } = await proxy(({ headers }) =>
      headers['proxy-authorization'] === 'Bearer new'
        ? undefined
        : { status: 407, headers: 'proxy-authenticate: Bearer\r\n' },
    );
    const refusals: (string | undefined)[] = [];
    const bearer = async (_: string, { refused }: { refused: string | undefined }) => {
      refusals.push(refused);
      return refused === undefined ? 'old' : 'new';
    };
    const fetch = trusting({ proxy: url, proxyLoopback: true, proxyAuthorization: { bearer } });
    expect((await fetch(`https://localhost:${port}/`)).status).toBe(200);
    expect(refusals).toEqual([undefined, 'old']);
    expect(asked).toHaveLength(2);
    const never = { bearer: async () => 'old' };
    const error = await failure(
      trusting({ proxy: url, proxyLoopback: true, proxyAuthorization: never })(`https://localhost:${port}/`),
    );
    expect(error).toMatchObject({
      code: 'PROXY_FAILED',
      details: { reason: 'proxy-credentials-refused', status: 407 },
    });
    expect(asked).toHaveLength(4);
  });

  it.each([
    [407, 'proxy-authentication-required'],
    [403, 'proxy-refused'],
    [503, 'proxy-cannot-connect'],
  ])('turns the answer %i of a proxy into PROXY_FAILED, reason %s', async (status, reason) => {
    const { url } = await proxy(() => ({ status, headers: 'proxy-authenticate: Negotiate\r\n' }));
    const error = await failure(trusting({ proxy: url })('https://rms.contoso.com/'));
    expect(error).toBeInstanceOf(SealwrightError);
    expect(error).toMatchObject({ code: 'PROXY_FAILED', details: { reason, status, host: url.slice(7) } });
  });

  it('never repeats the credentials of a proxy in an error', async () => {
    const { port } = await proxy(() => ({ status: 407 }));
    const errors = [
      await failure(trusting({ proxy: `http://alice:hidden@127.0.0.1:${port}` })('https://rms.contoso.com/')),
      await failure(
        trusting({ env: { HTTPS_PROXY: 'http://alice:hidden@127.0.0.1:1' } })('https://rms.contoso.com/'),
      ),
      await failure(
        trusting({ env: { HTTPS_PROXY: 'socks5://alice:hidden@127.0.0.1:1' } })('https://rms.contoso.com/'),
      ),
      await failure(trusting({ env: { HTTPS_PROXY: 'http://alice:hidden@:x' } })('https://rms.contoso.com/')),
    ];
    expect(errors.map((error) => error.details.reason)).toEqual([
      'proxy-credentials-refused',
      'proxy-unreachable',
      'proxy-unsupported',
      'proxy-unreadable',
    ]);
    for (const error of errors) {
      expect(error.message + String(error.stack) + JSON.stringify(error.details)).not.toMatch(/hidden|alice/);
    }
  });

  it('gives up on a proxy that accepts and then says nothing', async () => {
    const silent = createTcpServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const error = await failure(
      trusting({ proxy: `http://127.0.0.1:${port}`, connectTimeout: 100 })('https://rms.contoso.com/'),
    );
    expect(error).toMatchObject({ code: 'PROXY_FAILED', details: { reason: 'proxy-unreachable' } });
    silent.close();
  });

  it('refuses options that make no sense', () => {
    expect(() => networkFetch({ proxy: 'socks5://127.0.0.1:1080' })).toThrow(/SOCKS/);
    expect(() => networkFetch({ proxy: 'http://' })).toThrow(/does not name a proxy/);
  });
});

const loopbackLookup: NonNullable<NetworkOptions['lookup']> = (_, options, done) =>
  options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);
