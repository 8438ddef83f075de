import { describe, expect, it } from 'vitest';
import { SealwrightError } from '../errors.ts';
import { namedTokens, stage } from './server.test-support.ts';

const templates = '/my/v2/templates';

describe('addresses and methods', () => {
  it('knows its addresses exactly as they are written, and no others', async () => {
    const on = await stage();
    for (const path of [
      '/',
      '/my/v2',
      '/my/v3/templates',
      '/my/v2/Templates',
      '/my/v2/templates/',
      '/my/v2//templates',
      '/my/v2/template%73',
      '/my/v2/x/%2e%2e%2ftemplates',
      '/my/v2/templates;a=b',
      '/healthz/',
      '/admin/v1',
      '/issuer',
    ]) {
      const { status, body } = await on.send(path, { who: 'alice' });
      expect([path, status]).toEqual([path, 404]);
      expect(body).toEqual({ Message: 'There is nothing at this address.' });
    }
  });

  it('says which methods an address takes', async () => {
    const on = await stage();
    const wrong = await on.send('/my/v2/enduserlicenses', { who: 'alice' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
    const removed = await on.send(templates, { who: 'alice', method: 'DELETE' });
    expect([removed.status, removed.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('answers HEAD like GET, without a body', async () => {
    const on = await stage();
    const { status, body } = await on.send('/healthz', { method: 'HEAD' });
    expect([status, body]).toEqual([200, '']);
  });
});

describe('limits', () => {
  it('takes no body beyond its limit, whether its length is stated or not', async () => {
    const on = await stage({ limits: { bodyBytes: 1000 } });
    const body = JSON.stringify({ SerializedPublishingLicense: 'A'.repeat(2000) });
    const streamed = await on.send('/my/v2/enduserlicenses', { who: 'bob', body });
    const stated = await on.send('/my/v2/enduserlicenses', {
      who: 'bob',
      body,
      headers: { 'content-length': String(body.length) },
    });
    const lied = await on.send('/my/v2/enduserlicenses', {
      who: 'bob',
      body,
      headers: { 'content-length': '5' },
    });
    for (const { status } of [streamed, stated, lied]) expect(status).toBe(413);
  });

  it('takes JSON in UTF-8 and nothing else', async () => {
    const on = await stage();
    const post = (body: string, type: string) =>
      on.send('/my/v2/enduserlicenses', { who: 'bob', body, headers: { 'content-type': type } });
    expect((await post('{}', 'text/xml')).status).toBe(415);
    expect((await post('{', 'application/json')).status).toBe(400);
    expect((await post('', 'application/json; charset=utf-8')).status).toBe(400);
    expect((await post(`${'['.repeat(500_000)}`, 'application/json')).status).toBe(400);
    expect((await post(`${'['.repeat(500_000)}${']'.repeat(500_000)}`, 'application/json')).status).toBe(400);
  });

  it('lets a caller do so much and no more, and says when there is more', async () => {
    const on = await stage({ limits: { perCaller: { perSecond: 0.5, burst: 2 } } });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await on.send(templates, { who: 'alice' })).status);
    expect(statuses).toEqual([200, 200, 429]);
    const refused = await on.send(templates, { who: 'alice' });
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(refused.body.Sealwright).toEqual({ Code: 'THROTTLED', Reason: 'rate-caller' });
    expect((await on.send(templates, { who: 'bob' })).status).toBe(200);
  });

  it('gives a caller nothing for the time that finding out who they are took', async () => {
    let release: () => void = () => undefined;
    let first = true;
    const on = await stage({
      limits: { perCaller: { perSecond: 20, burst: 4 } },
      async verifyToken(token) {
        if (first) {
          first = false;
          await new Promise<void>((resolve) => {
            release = resolve;
          });
        }
        return namedTokens(token);
      },
    });
    const ask = async () => (await on.send('/my/v2/templates', { who: 'alice' })).status;
    const slow = ask();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const quick = async () => Promise.all([ask(), ask(), ask(), ask(), ask(), ask()]);
    expect((await quick()).filter((status) => status === 200).length).toBeLessThanOrEqual(5);
    release();
    await slow;
    expect((await quick()).filter((status) => status === 200).length).toBeLessThanOrEqual(3);
  });

  it('lets an address ask so often and no more, signed in or not', async () => {
    const on = await stage({ limits: { perAddress: { perSecond: 1, burst: 2 } } });
    const from = (address: string) => on.send(templates, { connection: { address } });
    expect((await from('198.51.100.7')).status).toBe(401);
    expect((await from('198.51.100.7')).status).toBe(401);
    expect((await from('198.51.100.7')).status).toBe(429);
    expect((await from('198.51.100.8')).status).toBe(401);
  });

  it('is busy beyond so many requests at once, and too slow beyond a time', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const on = await stage({
      limits: { concurrent: 1, requestTime: 20 },
      verifyToken: async () => {
        await held;
        throw new SealwrightError('AUTHENTICATION_FAILED', 'No.', { reason: 'token-expired' });
      },
    });
    const first = on.send(templates, { who: 'alice' });
    const second = await on.send('/healthz');
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await first).toMatchObject({ status: 503, body: { Sealwright: { Code: 'TIMED_OUT' } } });
    // What was given up is still being worked on, so that it still counts.
    expect((await on.send('/healthz')).status).toBe(503);
    release();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await on.send('/healthz')).status).toBe(200);
  });

  it('refuses an endless address', async () => {
    const on = await stage();
    expect((await on.send(`/my/v2/servicediscovery?email=${'a'.repeat(9000)}`, { who: 'bob' })).status).toBe(
      414,
    );
  });
});
