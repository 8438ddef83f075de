import { describe, expect, it } from 'vitest';
import type { DiscoveryStep, SrvRecord } from '../rest-service-options.ts';
import { findServiceRecord } from './service-record.ts';

const record = (name: string, more: Partial<SrvRecord> = {}): SrvRecord => ({
  name,
  port: 443,
  priority: 0,
  weight: 0,
  ...more,
});

async function look(
  domain: string,
  zone: Readonly<Record<string, readonly SrvRecord[]>>,
  random = () => 0.5,
) {
  const asked: string[] = [];
  const steps: DiscoveryStep[] = [];
  const hosts = await findServiceRecord(domain, {
    resolveSrv: async (name) => {
      asked.push(name);
      return zone[name] ?? [];
    },
    random,
    explain: (step) => steps.push(step),
  });
  return { hosts, asked, steps };
}

describe('looking up the service record', () => {
  it('takes off one label after the other while two remain', async () => {
    const { hosts, asked, steps } = await look('a.b.c.d', {});
    expect(hosts).toEqual([]);
    expect(asked).toEqual([
      '_rmsdisco._http._tcp.a.b.c.d',
      '_rmsdisco._http._tcp.b.c.d',
      '_rmsdisco._http._tcp.c.d',
    ]);
    expect(steps.map(({ kind }) => kind)).toEqual(['dns', 'dns', 'dns']);
    expect((await look('localhost', {})).asked).toEqual([]);
  });

  it('stops at the first name that has one, and honors its port', async () => {
    const { hosts, asked } = await look('mail.contoso.com', {
      '_rmsdisco._http._tcp.contoso.com': [record('rms.contoso.com.', { port: 8443 })],
    });
    expect(hosts).toEqual(['rms.contoso.com:8443']);
    expect(asked).toHaveLength(2);
  });

  it('prefers the lowest priority, and among equals the weight decides', async () => {
    const records = [
      record('last.contoso.com', { priority: 20, weight: 100 }),
      record('light.contoso.com', { priority: 10, weight: 1 }),
      record('heavy.contoso.com', { priority: 10, weight: 99 }),
      record('idle.contoso.com', { priority: 10 }),
    ];
    let heavyFirst = 0;
    let seed = 1;
    const random = () => {
      seed = (seed * 48271) % 2147483647;
      return seed / 2147483647;
    };
    for (let i = 0; i < 200; i++) {
      const { hosts } = await look('contoso.com', { '_rmsdisco._http._tcp.contoso.com': records }, random);
      expect(hosts.at(-1)).toBe('last.contoso.com');
      expect(hosts[2]).toBe('idle.contoso.com');
      if (hosts[0] === 'heavy.contoso.com') heavyFirst++;
    }
    expect(heavyFirst).toBeGreaterThan(180);
  });

  it.each(['.', '', 'a b.contoso.com', 'https://evil.example/', 'evil.example/path', 'user@evil.example'])(
    'passes over the target %j',
    async (name) =>
      expect(
        (await look('contoso.com', { '_rmsdisco._http._tcp.contoso.com': [record(name)] })).hosts,
      ).toEqual([]),
  );

  it('takes a failing lookup for no record, and says so', async () => {
    const steps: DiscoveryStep[] = [];
    const hosts = await findServiceRecord('contoso.com', {
      resolveSrv: async () => {
        throw new Error('SERVFAIL');
      },
      random: Math.random,
      explain: (step) => steps.push(step),
    });
    expect(hosts).toEqual([]);
    expect(steps[0]?.outcome).toContain('SERVFAIL');
  });

  it('ends when it is told to', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const lookup = findServiceRecord('contoso.com', {
      resolveSrv: async () => {
        abort.abort(reason);
        throw new Error('aborted');
      },
      random: Math.random,
      explain: () => undefined,
      signal: abort.signal,
    });
    await expect(lookup).rejects.toBe(reason);
  });
});
