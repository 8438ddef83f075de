import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import type { WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { LicensingService, PublishedLicense } from '../../licensing/index.ts';
import { definePolicy } from '../../rights/index.ts';
import { makeTestService } from '../test/service.ts';
import { licensingOver, serveLicensing } from './licensing-port.ts';

const channels: MessageChannel[] = [];
afterEach(() => {
  for (const { port1 } of channels.splice(0)) port1.close();
});

function connected(service: LicensingService) {
  const channel = new MessageChannel();
  channels.push(channel);
  serveLicensing(channel.port1, service);
  return { service: licensingOver(channel.port2), ...channel };
}

const withAnswers = (answers: Partial<LicensingService>): LicensingService =>
  new Proxy({} as LicensingService, {
    get: (_, name) =>
      answers[name as keyof LicensingService] ?? (() => Promise.reject(new Error('not asked'))),
  });

const policy = definePolicy({ grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] });

describe('a licensing service in another thread', () => {
  it('publishes and opens as the service itself does', async () => {
    const { service } = connected(await makeTestService());
    const published = await service.publish({ policy, contentName: 'a.txt' });
    const opened = await service.acquireUseLicense(published.publishingLicense, { contentName: 'a.txt' });
    expect(opened.contentKey).toEqual(published.contentKey);
    expect(opened.rights).toEqual(['OWNER']);
  });

  it('is asked with everything that was said, and gives everything that it answers', async () => {
    const asked: unknown[][] = [];
    const note =
      (name: string, result: unknown) =>
      (...given: unknown[]): Promise<never> => {
        const plain = given.map((each) =>
          typeof each === 'object' && each !== null && 'signal' in each
            ? Object.fromEntries(Object.entries(each).filter(([key]) => key !== 'signal'))
            : each,
        );
        asked.push([name, ...plain]);
        return Promise.resolve(result as never);
      };
    const template = { id: 'one', name: 'Staff', description: '' };
    const { service } = connected({
      listTemplates: note('listTemplates', [template]),
      publish: note('publish', undefined),
      acquireUseLicense: note('acquireUseLicense', { contentValidUntil: new Date(5) }),
      getClientLicensorCertificate: note('getClientLicensorCertificate', undefined),
      registerForTracking: note('registerForTracking', undefined),
      revoke: note('revoke', undefined),
      restore: note('restore', undefined),
    });
    expect(await service.listTemplates()).toEqual([template]);
    const license = Uint8Array.of(1, 2, 3);
    expect((await service.acquireUseLicense(license, { contentName: 'n' })).contentValidUntil).toEqual(
      new Date(5),
    );
    await service.getClientLicensorCertificate();
    await service.registerForTracking(license, 'name');
    await service.revoke('{id}', { user: 'bob@contoso.com' });
    await service.restore('{id}');
    expect(asked).toEqual([
      ['listTemplates', {}],
      ['acquireUseLicense', license, { contentName: 'n' }],
      ['getClientLicensorCertificate', {}],
      ['registerForTracking', license, 'name', {}],
      ['revoke', '{id}', { user: 'bob@contoso.com' }],
      ['restore', '{id}', {}],
    ]);
  });

  it('is asked also with options that are about something else and cannot be sent', async () => {
    const { service } = connected(await makeTestService());
    const { signal } = new AbortController();
    const options = { contentName: 'a.txt', onProgress: () => undefined, signal };
    const { publishingLicense } = await service.publish({ policy }, options as WaitOptions);
    expect((await service.acquireUseLicense(publishingLicense, options)).rights).toEqual(['OWNER']);
  });

  it('fails with code, sentence and details of the error, and with the names of others', async () => {
    const { service } = connected(
      withAnswers({
        acquireUseLicense: async () => {
          throw new SealwrightError('ACCESS_DENIED', 'No.', {
            rule: 'no-grant',
            referrer: 'boss@contoso.com',
          });
        },
        listTemplates: async () => {
          throw new TypeError('odd');
        },
      }),
    );
    const refusal = await service.acquireUseLicense(new Uint8Array(1)).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(SealwrightError);
    expect(refusal).toMatchObject({
      code: 'ACCESS_DENIED',
      message: 'No.',
      details: { rule: 'no-grant', referrer: 'boss@contoso.com' },
    });
    await expect(service.listTemplates()).rejects.toMatchObject({ name: 'TypeError', message: 'odd' });
  });

  it('wipes content keys and private keys on the side that gave them away', async () => {
    const contentKey = new Uint8Array(32).fill(7);
    const privateKey = new Uint8Array(32).fill(9);
    const { service } = connected(
      withAnswers({
        publish: async () => ({ contentKey }) as unknown as PublishedLicense,
        getClientLicensorCertificate: async () => ({ certificateChain: new Uint8Array(1), privateKey }),
      }),
    );
    expect((await service.publish({ policy })).contentKey).toEqual(new Uint8Array(32).fill(7));
    expect((await service.getClientLicensorCertificate()).privateKey).toEqual(new Uint8Array(32).fill(9));
    expect([...contentKey, ...privateKey].every((byte) => byte === 0)).toBe(true);
  });

  it('stops asking when it is aborted, and wipes a key that comes too late', async () => {
    const controller = new AbortController();
    const contentKey = new Uint8Array(32).fill(7);
    const { promise: finish, resolve: mayFinish } = withResolvers();
    const { promise: finished, resolve: hasFinished } = withResolvers();
    let seen: AbortSignal | undefined;
    const { service } = connected(
      withAnswers({
        publish: async (_, wait) => {
          seen = wait?.signal;
          await finish;
          setTimeout(hasFinished, 20);
          return { contentKey } as unknown as PublishedLicense;
        },
        listTemplates: async () => [],
      }),
    );
    const publishing = service.publish({ policy }, { signal: controller.signal });
    await service.listTemplates();
    controller.abort(new Error('enough'));
    await expect(publishing).rejects.toThrow('enough');
    await service.listTemplates();
    expect(seen?.aborted).toBe(true);
    mayFinish();
    await finished;
    expect(contentKey.every((byte) => byte === 0)).toBe(true);
    await expect(service.publish({ policy }, { signal: controller.signal })).rejects.toThrow('enough');
  });

  it('fails what is asked when the other thread is gone, and asks no more', async () => {
    let seen: AbortSignal | undefined;
    const { service, port2 } = connected(
      withAnswers({
        publish: (_, wait) => {
          seen = wait?.signal;
          return new Promise(() => undefined);
        },
        listTemplates: async () => [],
      }),
    );
    const publishing = service.publish({ policy });
    await service.listTemplates();
    port2.close();
    await expect(publishing).rejects.toMatchObject({ code: 'WORKER_FAILED' });
    await expect(service.listTemplates()).rejects.toMatchObject({ code: 'WORKER_FAILED' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen?.aborted).toBe(true);
  });
});

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
