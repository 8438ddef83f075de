import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { selfSignedCertificate } from '../../spec/conformance/test-certificate.ts';
import { type Listener, type ListenOptions, listen } from './listen.ts';
import { metricsOnly } from './operations/metrics-only.ts';
import { stage } from './server.test-support.ts';
import type { Server, ServerOptions } from './server-options.ts';

const listeners: Listener[] = [];
const folders: string[] = [];
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((each) => each.stop(100)));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function listening(
  options: Partial<ListenOptions> = {},
  server: Partial<ServerOptions> = {},
): Promise<Listener & { server: Server; lines: Record<string, unknown>[] }> {
  const on = await stage(server);
  const listener = await listen(on.server, {
    port: 0,
    log: (line) => on.lines.push(JSON.parse(line)),
    ...options,
  });
  listeners.push(listener);
  return { ...listener, server: on.server, lines: on.lines };
}

/** Sends bytes as they are and gives everything that comes back until the connection ends. */
const raw = (port: number, text: string, drip?: { every: number; piece: string }): Promise<string> =>
  new Promise((resolve) => {
    let received = '';
    let timer: NodeJS.Timeout | undefined;
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(text);
      if (drip !== undefined) timer = setInterval(() => socket.write(drip.piece), drip.every);
    });
    socket.on('data', (data) => {
      received += data.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(timer);
      resolve(received);
    });
  });

function certificate(folder: string, name: string): void {
  const { cert, key } = selfSignedCertificate(name);
  writeFileSync(join(folder, `${name}.key`), key);
  writeFileSync(join(folder, `${name}.pem`), cert);
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-listen-'));
  folders.push(folder);
  return folder;
}

/** The name in the certificate that a server shows. */
const shownName = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      const { CN } = socket.getPeerCertificate().subject;
      resolve(String(CN));
      socket.destroy();
    });
    socket.on('error', reject);
  });

const until = async (done: () => boolean | Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 200 && !(await done()); i++) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe('listening', () => {
  it('serves over plain HTTP on this machine itself', async () => {
    const { url, lines } = await listening({}, { personalData: true });
    const response = await fetch(`${url}/my/v2/templates`, { headers: { authorization: 'Bearer alice' } });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual([]);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(lines.at(-1)).toMatchObject({ address: '127.0.0.1', caller: 'alice@contoso.com' });
  });

  it('refuses plain HTTP where others could read along', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1'])
      await expect(listening({ host })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        details: { field: 'tls' },
      });
  });

  it('takes plain HTTP behind a declared proxy, from that proxy alone', async () => {
    const { port, lines } = await listening(
      { host: '0.0.0.0', trustedProxies: ['127.0.0.1'] },
      { personalData: true },
    );
    const headers = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' };
    expect((await fetch(`http://127.0.0.1:${port}/healthz`, { headers })).status).toBe(200);
    expect(lines.at(-1)).toMatchObject({ address: '198.51.100.7' });
    const stranger = await listening({ host: '0.0.0.0', trustedProxies: ['192.0.2.0/24'] });
    await expect(fetch(`http://127.0.0.1:${stranger.port}/healthz`)).rejects.toThrow();
  });

  it('does not lose what the proxy says of the client behind headers that the client sent', async () => {
    const { port, lines } = await listening({ trustedProxies: ['127.0.0.1'] }, { personalData: true });
    const made = 'x-forwarded-for: 192.0.2.66\r\n';
    // Some proxies write theirs last.
    for (const more of [10, 62, 63, 64, 200]) {
      const answer = await raw(
        port,
        `GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${made}${'a: b\r\n'.repeat(more)}X-Forwarded-For: 198.51.100.7\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 (?:403|431) /);
    }
    expect(new Set(lines.filter(({ event }) => event === 'request').map(({ address }) => address))).toEqual(
      new Set(['198.51.100.7']),
    );
  });

  it('answers under the names of this machine only, so that no page of others reads along', async () => {
    const { port } = await listening({ hostNames: ['rms.contoso.test'] });
    const answer = (host: string) =>
      raw(port, `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(await answer('evil.example')).toMatch(/^HTTP\/1\.1 421 /);
    for (const name of ['localhost', `localhost:${port}`, '127.0.0.1', '[::1]', 'RMS.contoso.test:8080'])
      expect(await answer(name)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('says what is wrong with a port that is taken', async () => {
    const { port } = await listening();
    await expect(listening({ port })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('gives the metrics on a listener of their own', async () => {
    const { server } = await listening({}, { metrics: 'off' });
    const metrics = await listen(metricsOnly(server), { port: 0 });
    listeners.push(metrics);
    expect(await (await fetch(`${metrics.url}/metrics`)).text()).toContain('sealwright_requests_total');
    expect((await fetch(`${metrics.url}/healthz`)).status).toBe(404);
  });
});

describe('HTTPS', () => {
  it('speaks nothing older than TLS 1.2', async () => {
    const folder = temporaryFolder();
    certificate(folder, 'first');
    const tls = { certificate: join(folder, 'first.pem'), key: join(folder, 'first.key') };
    const { port, url } = await listening({ host: '0.0.0.0', tls });
    expect(url).toMatch(/^https:/);
    const handshake = (maxVersion: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
      new Promise<string | null>((resolve) => {
        const socket = tlsConnect(
          {
            port,
            host: '127.0.0.1',
            rejectUnauthorized: false,
            minVersion: 'TLSv1',
            maxVersion,
            ciphers: 'ALL:@SECLEVEL=0',
          },
          () => {
            resolve(socket.getProtocol());
            socket.destroy();
          },
        );
        socket.on('error', () => resolve('refused'));
      });
    expect(await handshake('TLSv1.1')).toBe('refused');
    expect(await handshake('TLSv1.2')).toBe('TLSv1.2');
    expect(await handshake('TLSv1.3')).toBe('TLSv1.3');
  });

  it('takes a renewed certificate without a restart, and keeps the old one where the new one is broken', async () => {
    const folder = temporaryFolder();
    for (const name of ['first', 'second']) certificate(folder, name);
    const tls = { certificate: join(folder, 'live.pem'), key: join(folder, 'live.key'), reloadInterval: 20 };
    const use = (pem: string, key: string) => {
      copyFileSync(join(folder, `${key}.key`), tls.key);
      copyFileSync(join(folder, `${pem}.pem`), tls.certificate);
    };
    use('first', 'first');
    const { port, lines } = await listening({ tls });
    expect(await shownName(port)).toBe('first');
    await new Promise((resolve) => setTimeout(resolve, 60));
    use('second', 'second');
    await until(async () => (await shownName(port)) === 'second');
    expect(await shownName(port)).toBe('second');
    writeFileSync(tls.certificate, 'rubbish');
    await until(() => lines.some(({ event }) => event === 'certificate-not-reloaded'));
    expect(lines.some(({ event }) => event === 'certificate-not-reloaded')).toBe(true);
    expect(await shownName(port)).toBe('second');
  });

  it('does not start with a key that does not belong to the certificate', async () => {
    const folder = temporaryFolder();
    for (const name of ['first', 'second']) certificate(folder, name);
    const tls = { certificate: join(folder, 'first.pem'), key: join(folder, 'second.key') };
    await expect(listening({ tls })).rejects.toMatchObject({ code: 'MALFORMED_KEY' });
    await expect(listening({ tls: { ...tls, key: join(folder, 'none') } })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });

  it('serves a request end to end', async () => {
    const folder = temporaryFolder();
    certificate(folder, 'first');
    const tls = { certificate: join(folder, 'first.pem'), key: join(folder, 'first.key') };
    const { port } = await listening({ tls });
    const status = await new Promise((resolve, reject) => {
      httpsRequest({ port, host: '127.0.0.1', path: '/readyz', rejectUnauthorized: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });
});

describe('clients that mean no good', () => {
  it('are cut off when they send their headers drop by drop', async () => {
    const { port } = await listening({ headersTimeout: 300, requestTimeout: 600 });
    const answer = await raw(port, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n', {
      every: 50,
      piece: 'X-A: b\r\n',
    });
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  }, 10_000);

  it('are refused more headers than anyone needs', async () => {
    const { port } = await listening();
    const flood = `GET /healthz HTTP/1.1\r\nHost: localhost\r\n${'X-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(1000)}\r\n`;
    expect(await raw(port, flood)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('get 413 for a body without end, and 401 before their body is read', async () => {
    const { port } = await listening({}, { limits: { bodyBytes: 10_000 } });
    const send = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const request = httpRequest(
          { port, host: '127.0.0.1', method: 'POST', path: '/my/v2/enduserlicenses', headers },
          (response) => {
            response.resume();
            resolve(response.statusCode);
            request.destroy();
          },
        );
        request.on('error', reject);
        for (let i = 0; i < 20; i++) request.write('x'.repeat(1000));
      });
    expect(await send({ authorization: 'Bearer bob' })).toBe(413);
    expect(await send({})).toBe(401);
    expect(await send({ authorization: 'Bearer bob', 'content-length': '100000000' })).toBe(413);
  });

  it('get 400 for what is no HTTP', async () => {
    const { port } = await listening();
    expect(await raw(port, 'HELO localhost\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(port, 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(port, 'GET \\\\x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 40[04] /,
    );
  });
});

describe('stopping', () => {
  it('lets requests under way finish, and takes no more', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { url, stop } = await listening(
      {},
      {
        verifyToken: async () => {
          await held;
          return {
            identity: { email: 'bob@contoso.com' },
            issuer: 'i',
            subject: 's',
            home: true,
            roles: new Set(),
          };
        },
      },
    );
    await fetch(`${url}/healthz`);
    const slow = fetch(`${url}/my/v2/templates`, { headers: { authorization: 'Bearer bob' } });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const stopped = stop(5_000);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    release();
    expect((await slow).status).toBe(200);
    expect(await stopped).toBe(true);
  });

  it('ends what does not finish in time', async () => {
    const { url, stop } = await listening({}, { verifyToken: () => new Promise(() => undefined) });
    const slow = fetch(`${url}/my/v2/templates`, { headers: { authorization: 'Bearer bob' } }).catch(
      () => 'cut',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await stop(50)).toBe(false);
    expect(await slow).toBe('cut');
  });
});
