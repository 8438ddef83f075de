import { describe, expect, it } from 'vitest';
import { encodeBase64 } from '../../bytes/index.ts';
import { definePolicy } from '../../rights/index.ts';
import type { KeyPins } from '../service-trust.ts';
import {
  endpointList,
  fakeConnection,
  granted,
  keyMessage,
  licenseOf,
  owner,
  serviceAt,
} from './rest.test-support.ts';
import { restLicensingServiceOver } from './rest-licensing-service.ts';

const other = 'ab'.repeat(32);
const policy = definePolicy({ grants: [] });

/** Pins in memory, some of them there already. */
function pinsOf(known: Record<string, string> = {}, firstUse = true) {
  const pins = new Map(Object.entries(known));
  const keys: KeyPins = {
    get: async (host) => pins.get(host),
    ...(firstUse && {
      async onFirstUse(host: string, key: string) {
        pins.set(host, key);
      },
    }),
  };
  return { pins, keys };
}

async function clientWith(keys: KeyPins, licenseUrl = 'https://rms.contoso.com/_wmcs/licensing') {
  const license = await licenseOf(licenseUrl);
  const { connection, sent } = fakeConnection(
    serviceAt('https://rms.contoso.com/my/v2', {
      enduserlicenses: { json: granted },
      publishinglicenses: {
        json: { SerializedPublishingLicense: encodeBase64(license), Owner: owner, Key: keyMessage() },
      },
    }),
  );
  const options = { tokens: async () => 'token', url: 'https://rms.contoso.com' };
  const service = restLicensingServiceOver({ ...connection, keys }, options);
  return { service, license, posts: () => sent.filter(({ method }) => method === 'POST') };
}

describe('pinned server keys', () => {
  it('are learned on first use, and hold from then on', async () => {
    const { pins, keys } = pinsOf();
    const { service, license } = await clientWith(keys);
    await service.acquireUseLicense(license);
    expect([...pins]).toEqual([['rms.contoso.com', expect.stringMatching(/^[0-9a-f]{64}$/)]]);
    await service.publish({ policy });
    await service.acquireUseLicense(license);
    expect(pins.size).toBe(1);
  });

  it('are not learned where nobody wants to', async () => {
    const { pins, keys } = pinsOf({}, false);
    const { service, license } = await clientWith(keys);
    await service.acquireUseLicense(license);
    expect(pins.size).toBe(0);
  });

  it('refuse a service that issues under another key', async () => {
    const { service } = await clientWith(pinsOf({ 'rms.contoso.com': other }).keys);
    await expect(service.publish({ policy })).rejects.toMatchObject({
      code: 'UNTRUSTED_SERVICE',
      details: { reason: 'key-not-pinned', host: 'rms.contoso.com' },
    });
  });

  it('refuse a service that issues under the name of another host', async () => {
    const { service } = await clientWith(
      pinsOf({ 'rms.contoso.com': other }).keys,
      'https://elsewhere.example/_wmcs',
    );
    await expect(service.publish({ policy })).rejects.toMatchObject({ code: 'UNTRUSTED_SERVICE' });
  });

  it('refuse a license of another authority before it is sent', async () => {
    const { service, license, posts } = await clientWith(pinsOf({ 'rms.contoso.com': other }).keys);
    await expect(service.acquireUseLicense(license)).rejects.toMatchObject({ code: 'UNTRUSTED_LICENSE' });
    expect(posts()).toEqual([]);
  });

  it('hold also where the pinned service sends its clients on to another host', async () => {
    const license = await licenseOf('https://rms.elsewhere.example/_wmcs');
    const published = { SerializedPublishingLicense: encodeBase64(license), Owner: owner, Key: keyMessage() };
    const { connection } = fakeConnection(({ url, method }) => ({
      json:
        method === 'POST'
          ? published
          : url.pathname.endsWith('servicediscovery')
            ? endpointList('https://rms.elsewhere.example/my/v2')
            : undefined,
    }));
    const { keys } = pinsOf({ 'rms.contoso.com': other });
    const options = { tokens: async () => 'token', url: 'https://rms.contoso.com' };
    await expect(
      restLicensingServiceOver({ ...connection, keys }, options).publish({ policy }),
    ).rejects.toMatchObject({ code: 'UNTRUSTED_SERVICE', details: { host: 'rms.contoso.com' } });
  });

  it('are not learned from a service of another domain', async () => {
    const { pins, keys } = pinsOf();
    const { service, license } = await clientWith(keys, 'https://rms.victim.example/_wmcs');
    await service.publish({ policy });
    await service.acquireUseLicense(license);
    expect([...pins.keys()]).toEqual(['rms.contoso.com']);
  });

  it('belong to the host that the license names where many share one', async () => {
    const { pins, keys } = pinsOf();
    const { service, license } = await clientWith(keys, 'https://tenant.rms.contoso.com/_wmcs');
    await service.acquireUseLicense(license);
    expect([...pins.keys()]).toEqual(['tenant.rms.contoso.com']);
  });
});
