import { describe, expect, it } from 'vitest';
import { SealwrightError } from '../../errors.ts';
import { definePolicy } from '../../rights/index.ts';
import type { LicensingService, PublishedLicense, PublishRequest } from '../licensing-service.ts';
import { withSharedLicenses } from './with-shared-licenses.ts';

const policyOf = (to: string) => definePolicy({ grants: [{ to, rights: ['VIEW'] }] });

/** A service that notes what it publishes. */
function scene(mode = 'SEALWRIGHT.GCM64K') {
  const clock = { time: new Date('2026-05-04T10:00:00Z') };
  const asked: PublishRequest[] = [];
  const given: PublishedLicense[] = [];
  const state = { fails: undefined as Error | undefined };
  const service = {
    async publish(request: PublishRequest) {
      asked.push(request);
      await Promise.resolve();
      if (state.fails !== undefined) throw state.fails;
      const published = {
        publishingLicense: Uint8Array.of(asked.length),
        contentKey: new Uint8Array(32).fill(asked.length),
        cipherMode: request.cipherMode ?? mode,
        contentId: `{${asked.length}}`,
        owner: 'alice@contoso.com',
      };
      given.push(published);
      return published;
    },
    listTemplates: async () => [],
  } as unknown as LicensingService;
  return { shared: withSharedLicenses(service, { now: () => clock.time }), asked, given, state, clock };
}

describe('shared licenses', () => {
  it('are published once for the same policy, and each asker has a key of their own to wipe', async () => {
    const { shared, asked } = scene();
    const [one, two] = await Promise.all([
      shared.publish({ policy: policyOf('a.com'), contentName: 'one' }),
      shared.publish({ policy: policyOf('a.com'), contentName: 'two' }),
    ]);
    one.contentKey.fill(0);
    const three = await shared.publish({ policy: policyOf('a.com') });
    expect([two.contentId, three.contentId]).toEqual([one.contentId, one.contentId]);
    expect(two.contentKey).toEqual(new Uint8Array(32).fill(1));
    expect(three.contentKey).toEqual(new Uint8Array(32).fill(1));
    expect(asked.map(({ contentName }) => contentName)).toEqual([undefined]);
  });

  it('differ by policy, template, owner, mode and signed data', async () => {
    const { shared, asked } = scene();
    const requests: PublishRequest[] = [
      { policy: policyOf('a.com') },
      { policy: policyOf('b.com') },
      { templateId: 'one' },
      { templateId: 'two' },
      { templateId: 'two', owner: 'bob@contoso.com' },
      { templateId: 'two', cipherMode: 'SEALWRIGHT.GCM64K' },
      { templateId: 'two', signedApplicationData: { department: 'Legal' } },
    ];
    for (const request of [...requests, ...requests]) await shared.publish(request);
    expect(asked).toEqual(requests);
  });

  it('are refused in modes that would encrypt all contents with the same key', async () => {
    for (const mode of ['MICROSOFT.CBC4K', 'MICROSOFT.ECB', 'MICROSOFT.CBC4K.NOPADDING']) {
      const dictated = scene(mode);
      const refusal = { code: 'INVALID_ARGUMENT' };
      await expect(dictated.shared.publish({ templateId: 'one' })).rejects.toMatchObject(refusal);
      expect(dictated.given[0]?.contentKey).toEqual(new Uint8Array(32));
      const wanted = scene();
      await expect(wanted.shared.publish({ templateId: 'one', cipherMode: mode })).rejects.toMatchObject(
        refusal,
      );
      expect(wanted.asked).toEqual([]);
    }
  });

  it('are replaced after an hour, and the old key is wiped', async () => {
    const { shared, asked, given, clock } = scene();
    await shared.publish({ templateId: 'one' });
    clock.time = new Date(clock.time.getTime() + 59 * 60_000);
    await shared.publish({ templateId: 'one' });
    expect(asked).toHaveLength(1);
    clock.time = new Date(clock.time.getTime() + 60_000);
    expect((await shared.publish({ templateId: 'one' })).contentId).toBe('{2}');
    expect(given[0]?.contentKey).toEqual(new Uint8Array(32));
    expect(given[1]?.contentKey).not.toEqual(new Uint8Array(32));
    shared.forget();
    await Promise.resolve();
    expect(given[1]?.contentKey).toEqual(new Uint8Array(32));
  });

  it('are asked for again after a failure', async () => {
    const { shared, state, asked } = scene();
    state.fails = new SealwrightError('SERVICE_UNAVAILABLE', 'Away.');
    await expect(shared.publish({ templateId: 'one' })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
    state.fails = undefined;
    expect((await shared.publish({ templateId: 'one' })).contentId).toBe('{2}');
    expect(asked).toHaveLength(2);
  });

  it('keep a bounded number of keys, and wipe the oldest', async () => {
    const { shared, given } = scene();
    for (let n = 0; n <= 1_000; n++) await shared.publish({ templateId: String(n) });
    await Promise.resolve();
    expect(given[0]?.contentKey).toEqual(new Uint8Array(32));
    expect(given[1]?.contentKey).not.toEqual(new Uint8Array(32));
  });

  it('are not given to whoever has given up', async () => {
    const { shared } = scene();
    const controller = new AbortController();
    const publishing = shared.publish({ templateId: 'one' }, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(publishing).rejects.toThrow('enough');
    expect((await shared.publish({ templateId: 'one' })).contentId).toBe('{1}');
  });
});
