import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { srvResolver } from './srv.ts';
import { startTestDns, type TestDns } from './test-dns.test-support.ts';

const record = { name: 'rms.contoso.com', port: 443, priority: 1, weight: 2 };
let dns: TestDns;
beforeAll(async () => {
  dns = await startTestDns({
    addresses: { 'plain.contoso.com': '127.0.0.1' },
    services: { '_rmsdisco._http._tcp.contoso.com': [record] },
    failing: ['_rmsdisco._http._tcp.failing.com'],
  });
});
afterAll(() => dns.close());

describe('srvResolver', () => {
  it('gives the records of a name', async () => {
    const records = await srvResolver({ servers: [dns.server] })('_rmsdisco._http._tcp.contoso.com');
    expect(records).toEqual([record]);
  });

  it('gives an empty list for a name that does not exist, and for one without such a record', async () => {
    const resolve = srvResolver({ servers: [dns.server] });
    expect(await resolve('_rmsdisco._http._tcp.nowhere.com')).toEqual([]);
    expect(await resolve('plain.contoso.com')).toEqual([]);
  });

  it('fails typed where the server fails or does not answer', async () => {
    const resolve = srvResolver({ servers: [dns.server], tries: 1 });
    await expect(resolve('_rmsdisco._http._tcp.failing.com')).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      details: { reason: 'dns-failed' },
    });
    const silent = srvResolver({ servers: ['127.0.0.1:9'], tries: 1, timeout: 200 });
    await expect(silent('_rmsdisco._http._tcp.contoso.com')).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
  });

  it('stops when it is told to', async () => {
    await expect(srvResolver()('contoso.com', { signal: AbortSignal.abort() })).rejects.toThrow(/abort/);
  });
});
