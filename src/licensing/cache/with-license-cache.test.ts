import { describe, expect, it } from 'vitest';
import { wipe } from '../../bytes/index.ts';
import { errorCodes } from '../../errors.ts';
import { day, failure, fakeService, later, minute, start, useLicense } from './license-cache.test-support.ts';
import type { LicenseStore } from './license-store.ts';
import { memoryLicenseStore } from './memory-license-store.ts';
import { type LicenseCacheMode, withLicenseCache } from './with-license-cache.ts';

const file = Uint8Array.of(1, 2, 3);
const otherFile = Uint8Array.of(1, 2, 4);

function scene(mode: LicenseCacheMode = 'prefer-cached', store: LicenseStore = memoryLicenseStore()) {
  const { service, state } = fakeService();
  const clock = { time: start };
  const storeErrors: unknown[] = [];
  const cacheFor = (more: { user?: string; serviceId?: string; mode?: LicenseCacheMode } = {}) =>
    withLicenseCache(service, {
      store,
      user: 'bob@contoso.com',
      serviceId: 'https://rms.contoso.com',
      mode,
      now: () => clock.time,
      onStoreError: (error) => storeErrors.push(error),
      ...more,
    });
  return { cache: cacheFor(), cacheFor, state, clock, store, storeErrors };
}

describe('withLicenseCache', () => {
  it('opens a second time without asking, and gives everything the first license said', async () => {
    const { cache, state } = scene();
    expect(await cache.acquireUseLicense(file)).toEqual(useLicense());
    expect(await cache.acquireUseLicense(file)).toEqual(useLicense());
    expect(state.asked).toBe(1);
  });

  it('gives copies, so that a caller who wipes a key does not wipe the kept one', async () => {
    const { cache, state } = scene();
    wipe((await cache.acquireUseLicense(file)).contentKey);
    wipe((await cache.acquireUseLicense(file)).contentKey);
    expect((await cache.acquireUseLicense(file)).contentKey).toEqual(useLicense().contentKey);
    expect(state.asked).toBe(1);
  });

  it('asks again for another file, another person and another service', async () => {
    const { cache, cacheFor, state } = scene();
    await cache.acquireUseLicense(file);
    await cache.acquireUseLicense(otherFile);
    await cacheFor({ user: 'carol@contoso.com' }).acquireUseLicense(file);
    await cacheFor({ serviceId: 'https://rms.example' }).acquireUseLicense(file);
    expect(state.asked).toBe(4);
    await cacheFor({ user: ' Bob@Contoso.com' }).acquireUseLicense(file);
    expect(state.asked).toBe(4);
  });

  it.each([
    ['may be used online only', { onlineOnly: true }],
    ['has ended already', { licenseValidUntil: start }],
    ['is for content that has expired', { licenseValidUntil: undefined, contentValidUntil: start }],
  ])('keeps no license that %s, and forgets the one before it', async (_, grant) => {
    const { cache, cacheFor, state } = scene();
    await cache.acquireUseLicense(file);
    state.grant = useLicense(grant);
    await cacheFor({ mode: 'online-only' }).acquireUseLicense(file);
    await expect(cacheFor({ mode: 'offline-only' }).acquireUseLicense(file)).rejects.toMatchObject({
      code: 'ONLINE_REQUIRED',
    });
  });

  it.each([
    ['license', { licenseValidUntil: later(day), contentValidUntil: later(2 * day) }],
    ['content', { licenseValidUntil: later(2 * day), contentValidUntil: later(day) }],
  ])('uses a license up to, and not including, the end of the %s', async (_, grant) => {
    const { cache, cacheFor, state, clock } = scene();
    const offline = cacheFor({ mode: 'offline-only' });
    state.grant = useLicense(grant);
    await cache.acquireUseLicense(file);
    clock.time = later(day - 1);
    expect((await offline.acquireUseLicense(file)).rights).toEqual(['VIEW', 'PRINT']);
    clock.time = later(day);
    await expect(offline.acquireUseLicense(file)).rejects.toMatchObject({
      code: 'ONLINE_REQUIRED',
      details: { reason: 'license-ended' },
    });
    clock.time = later(day - 1);
    await expect(offline.acquireUseLicense(file)).rejects.toMatchObject({
      details: { reason: 'not-kept' },
    });
  });

  it('uses a license without an end as long as the content lives', async () => {
    const { cache, state, clock } = scene();
    state.grant = useLicense({ licenseValidUntil: undefined });
    await cache.acquireUseLicense(file);
    clock.time = later(4000 * day);
    await cache.acquireUseLicense(file);
    expect(state.asked).toBe(1);
  });

  it('refuses kept licenses while the clock stands before a time it has shown, and asks the service', async () => {
    const { cache, cacheFor, state, clock } = scene();
    const offline = cacheFor({ mode: 'offline-only' });
    await cache.acquireUseLicense(file);
    clock.time = later(3 * day);
    await cache.acquireUseLicense(file);
    clock.time = later(3 * day - 4 * minute);
    await offline.acquireUseLicense(file);
    clock.time = later(2 * day);
    const refused = offline.acquireUseLicense(file);
    await expect(refused).rejects.toMatchObject({
      code: 'ONLINE_REQUIRED',
      details: { reason: 'clock-ran-backwards' },
    });
    await expect(refused).rejects.toThrow(/2026-05-06T10:00:00.000Z.*2026-05-07T10:00:00.000Z/);
    expect(state.asked).toBe(1);
    await cache.acquireUseLicense(file);
    expect(state.asked).toBe(2);
    state.fails = failure('SERVICE_UNAVAILABLE');
    await expect(cache.acquireUseLicense(file)).rejects.toMatchObject({ code: 'ONLINE_REQUIRED' });
    clock.time = later(3 * day);
    expect((await offline.acquireUseLicense(file)).rights).toEqual(['VIEW', 'PRINT']);
  });

  it('notices a clock that ran backwards from the license itself, where the store has forgotten the time', async () => {
    const forgetful: LicenseStore = { ...memoryLicenseStore(), latestTime: async () => undefined };
    const { cache, cacheFor, clock } = scene('prefer-cached', forgetful);
    await cache.acquireUseLicense(file);
    clock.time = later(-day);
    await expect(cacheFor({ mode: 'offline-only' }).acquireUseLicense(file)).rejects.toMatchObject({
      details: { reason: 'clock-ran-backwards' },
    });
  });

  it('asks each time in revalidate mode, and uses the kept license only while the service cannot be reached', async () => {
    const { cache, state } = scene('revalidate');
    await cache.acquireUseLicense(file);
    state.grant = useLicense({ rights: ['VIEW'] });
    expect((await cache.acquireUseLicense(file)).rights).toEqual(['VIEW']);
    for (const code of ['SERVICE_UNAVAILABLE', 'TIMED_OUT', 'THROTTLED', 'PROXY_FAILED'] as const) {
      state.fails = failure(code);
      expect((await cache.acquireUseLicense(file)).rights).toEqual(['VIEW']);
      await expect(cache.acquireUseLicense(otherFile)).rejects.toBe(state.fails);
    }
    expect(state.asked).toBe(10);
  });

  it('passes on every other failure, and forgets the license when access was denied', async () => {
    const { cache, state } = scene('revalidate');
    await cache.acquireUseLicense(file);
    const others = errorCodes.filter(
      (code) => !/^(SERVICE_UNAVAILABLE|TIMED_OUT|THROTTLED|PROXY_FAILED|ACCESS_DENIED)$/.test(code),
    );
    for (const code of [...others, 'ACCESS_DENIED' as const]) {
      state.fails = failure(code);
      await expect(cache.acquireUseLicense(file)).rejects.toBe(state.fails);
      if (code === 'ACCESS_DENIED') continue;
      state.fails = failure('TIMED_OUT');
      await cache.acquireUseLicense(file);
    }
    state.fails = failure('TIMED_OUT');
    await expect(cache.acquireUseLicense(file)).rejects.toBe(state.fails);
  });

  it('asks nobody in offline-only mode', async () => {
    const { cache, cacheFor, state } = scene('offline-only');
    await expect(cache.acquireUseLicense(file)).rejects.toMatchObject({
      code: 'ONLINE_REQUIRED',
      details: { reason: 'not-kept' },
    });
    expect(state.asked).toBe(0);
    await cacheFor({ mode: 'prefer-cached' }).acquireUseLicense(file);
    await cache.acquireUseLicense(file);
    expect(state.asked).toBe(1);
  });

  it('always asks in online-only mode, and never falls back', async () => {
    const { cache, state } = scene('online-only');
    await cache.acquireUseLicense(file);
    await cache.acquireUseLicense(file);
    expect(state.asked).toBe(2);
    state.fails = failure('SERVICE_UNAVAILABLE');
    await expect(cache.acquireUseLicense(file)).rejects.toBe(state.fails);
  });

  it('forgets a content that is revoked through it, or on request', async () => {
    for (const forget of ['revoke', 'forget'] as const) {
      const { cache, state } = scene();
      await cache.acquireUseLicense(file);
      await cache.acquireUseLicense(otherFile);
      await cache[forget]('11111111-2222-3333-4444-555555555555');
      expect(state.revoked).toHaveLength(forget === 'revoke' ? 1 : 0);
      await cache.acquireUseLicense(file);
      expect(state.asked).toBe(3);
    }
    await expect(scene().cache.forget('nonsense')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('does not keep an answer that was under way while its content was forgotten', async () => {
    const { cache, cacheFor } = scene();
    const opening = cache.acquireUseLicense(file);
    await cache.forget('11111111-2222-3333-4444-555555555555');
    await opening;
    await expect(cacheFor({ mode: 'offline-only' }).acquireUseLicense(file)).rejects.toMatchObject({
      details: { reason: 'not-kept' },
    });
  });

  it('serves many at once, each with a key of their own', async () => {
    const { cache } = scene();
    const licenses = await Promise.all(Array.from({ length: 50 }, () => cache.acquireUseLicense(file)));
    for (const { contentKey } of licenses) {
      expect(contentKey).toEqual(useLicense().contentKey);
      wipe(contentKey);
    }
    expect((await cache.acquireUseLicense(file)).contentKey).toEqual(useLicense().contentKey);
  });

  it('goes on without a store that fails, tells of it, and then uses nothing kept', async () => {
    const broken = async (): Promise<never> => {
      throw failure('NO_SPACE');
    };
    const store: LicenseStore = { ...memoryLicenseStore(), set: broken, latestTime: broken, delete: broken };
    const { cache, cacheFor, state, storeErrors } = scene('prefer-cached', store);
    expect(await cache.acquireUseLicense(file)).toEqual(useLicense());
    expect(storeErrors).toHaveLength(2);
    await expect(cacheFor({ mode: 'offline-only' }).acquireUseLicense(file)).rejects.toMatchObject({
      code: 'ONLINE_REQUIRED',
      details: { reason: 'store-failed' },
    });
    state.fails = failure('ACCESS_DENIED');
    await expect(cache.acquireUseLicense(file)).rejects.toBe(state.fails);
  });

  it('deletes what has ended on request', async () => {
    const { cache, cacheFor, clock } = scene();
    await cache.acquireUseLicense(file);
    clock.time = later(7 * day);
    await cache.purge();
    clock.time = start;
    await expect(cacheFor({ mode: 'offline-only' }).acquireUseLicense(file)).rejects.toMatchObject({
      details: { reason: 'not-kept' },
    });
  });

  it('does nothing for a caller who has given up, and wants to know whose licenses it keeps', async () => {
    const { cache, cacheFor, state } = scene();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(cache.acquireUseLicense(file, { signal })).rejects.toThrow('enough');
    expect(state.asked).toBe(0);
    expect(() => cacheFor({ user: ' ' })).toThrow('give both user and serviceId');
  });
});
