import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkServerConfiguration, readServerConfiguration } from './configuration.ts';
import { createDevIssuer, developmentApplication } from './dev-issuer/index.ts';
import { serve } from './serve.ts';
import { memoryAuthority } from './server.test-support.ts';

const least = {
  url: 'https://rms.contoso.com',
  authority: 'authority',
  trustedProxies: ['127.0.0.1'],
  issuers: [{ issuer: 'https://login.contoso.com', audience: ['https://rms.contoso.com'] }],
};

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-serve-'));
  folders.push(folder);
  return folder;
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const socket = createSocket().listen(0, '127.0.0.1', () => {
      const { port } = socket.address() as AddressInfo;
      socket.close(() => resolve(port));
    });
  });

describe('a configuration', () => {
  it('needs an address, an authority and an issuer, and has defaults for the rest', () => {
    expect(checkServerConfiguration(least, '/etc/sealwright')).toMatchObject({
      listen: { host: '127.0.0.1', port: 8443 },
      authority: '/etc/sealwright/authority',
      metrics: 'loopback',
      personalData: false,
    });
  });

  it('has paths that are relative to its file', () => {
    const { tls, directory, auditLog } = checkServerConfiguration(
      {
        ...least,
        directory: '../people.json',
        auditLog: '/var/log/audit.jsonl',
        tls: { certificate: 'tls/cert.pem', key: 'tls/key.pem' },
      },
      '/etc/sealwright',
    );
    expect({ directory, auditLog, certificate: tls?.certificate }).toEqual({
      directory: '/etc/people.json',
      auditLog: '/var/log/audit.jsonl',
      certificate: '/etc/sealwright/tls/cert.pem',
    });
  });

  it('wants to know the proxy in front of a server that speaks plain HTTP under an https address', () => {
    expect(() => checkServerConfiguration({ ...least, trustedProxies: [] }, '/etc')).toThrow(
      /trustedProxies: /,
    );
  });

  it('says what is wrong with it, and where', () => {
    for (const [change, message] of [
      [{ url: 'rms.contoso.com' }, /url: /],
      [{ listen: { port: 99_999 } }, /listen\.port: /],
      [{ issuers: [] }, /issuers: /],
      [
        { issuers: [{ issuer: 'http://login.contoso.com', audience: ['x'] }] },
        /issuers\[0\]\.issuer: expected an https URL/,
      ],
      [{ limits: { perCaller: { perSecond: 0, burst: 1 } } }, /limits\.perCaller\.perSecond: /],
      [{ administrators: { 'bob@contoso.com': ['king'] } }, /administrators/],
      [{ tsl: {} }, /tsl/],
      [{ metrics: 'sometimes' }, /metrics: /],
    ] as const)
      expect(() => checkServerConfiguration({ ...least, ...change }, '/', 'server.json')).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }),
      );
    expect(() => checkServerConfiguration(7, '/')).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  it('is read from a file', async () => {
    const file = join(temporaryFolder(), 'server.json');
    await expect(readServerConfiguration(file)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    writeFileSync(file, '{');
    await expect(readServerConfiguration(file)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    writeFileSync(file, JSON.stringify(least));
    expect((await readServerConfiguration(file)).url).toBe('https://rms.contoso.com');
  });
});

describe('a server that is put together from its configuration', () => {
  it('serves, tells its issuers, notes what administrators do, and stops', async () => {
    const folder = temporaryFolder();
    const auditLog = join(folder, 'audit.jsonl');
    const issuer = createDevIssuer({ url: 'http://127.0.0.1:8443/issuer' });
    const configuration = checkServerConfiguration(
      {
        ...least,
        url: 'http://127.0.0.1:8443',
        listen: { port: 0 },
        auditLog,
        metrics: { port: 0 },
        administrators: { 'alice@contoso.com': ['auditor'] },
      },
      folder,
    );
    const lines: string[] = [];
    const running = await serve(configuration, {
      authority: await memoryAuthority(),
      version: '1.2.3',
      log: (line) => lines.push(line),
      development: issuer,
    });
    try {
      const { url } = running.listener;
      const facts = (await (await fetch(`${url}/.well-known/sealwright`)).json()) as {
        Version: string;
        Issuers: unknown[];
      };
      expect(facts.Version).toBe('1.2.3');
      expect(facts.Issuers).toMatchObject([{ Issuer: issuer.issuer, Development: true }]);
      const challenged = await fetch(`${url}/my/v2/templates`);
      expect(challenged.headers.get('www-authenticate')).toContain(`authorization="${issuer.issuer}"`);
      expect((await fetch(`${url}/issuer/.well-known/openid-configuration`)).status).toBe(200);
      expect((await fetch(`${url}/metrics`)).status).toBe(404);
      expect((await fetch(`${running.metrics?.url}/metrics`)).status).toBe(200);
    } finally {
      expect(await running.stop()).toBe(true);
    }
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(
      expect.arrayContaining(['listening', 'request', 'stopped']),
    );
  });

  it('notes in the audit log what administrators do, and names nobody in the other', async () => {
    const folder = temporaryFolder();
    const auditLog = join(folder, 'audit.jsonl');
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const issuer = createDevIssuer({ url: `${url}/issuer` });
    const [address = ''] = Object.values(issuer.settings.applications ?? {});
    const configuration = checkServerConfiguration(
      { ...least, url, listen: { port }, auditLog, administrators: { [address]: ['auditor'] } },
      folder,
    );
    const lines: string[] = [];
    const authority = await memoryAuthority();
    const running = await serve(configuration, {
      authority,
      version: '0',
      development: issuer,
      log: (line) => lines.push(line),
    });
    try {
      const signedIn = await fetch(`${url}/issuer/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: developmentApplication.id,
          client_secret: developmentApplication.secret,
        }),
      });
      const { access_token: token } = (await signedIn.json()) as { access_token: string };
      const headers = { authorization: `Bearer ${token}` };
      expect((await fetch(`${url}/admin/v1/facts`, { headers })).status).toBe(200);
      const refused = await fetch(`${url}/admin/v1/archive`, {
        method: 'POST',
        headers,
        body: '{"passphrase":"x"}',
      });
      expect(refused.status).toBe(403);
    } finally {
      await running.stop();
    }
    const rows = readFileSync(auditLog, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toMatchObject([
      { by: address, action: 'facts', outcome: 'done' },
      { by: address, action: 'archive-export', outcome: 'refused', code: 'ACCESS_DENIED' },
    ]);
    expect(statSync(auditLog).mode & 0o777).toBe(0o600);
    expect(lines.some((line) => line.includes('"event":"administration"'))).toBe(true);
    expect(lines.join()).not.toContain(address);
  });

  it('takes nothing it cannot use', async () => {
    const folder = temporaryFolder();
    const authority = await memoryAuthority();
    const with_ = async (more: object) =>
      serve(checkServerConfiguration({ ...least, listen: { port: 0 }, ...more }, folder), {
        authority,
        version: '0',
      });
    await expect(with_({ directory: 'none.json' })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(
      with_({ url: 'http://localhost', trustedProxies: [], listen: { host: '0.0.0.0', port: 0 } }),
    ).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(with_({ tls: { certificate: 'a.pem', key: 'b.pem' } })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
    await expect(with_({ url: 'https://rms.contoso.com/my' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});
