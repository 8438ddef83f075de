import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeBase64 } from '../../../bytes/index.ts';
import { readPublishingLicense } from '../../../license/index.ts';
import { fakeConnection, granted, licenseOf, serviceAt } from '../rest.test-support.ts';
import { restLicensingServiceOver } from '../rest-licensing-service.ts';
import { licenseAddresses } from './license-addresses.ts';

const folder = '../shared/data/publishing-licences';
const there = existsSync(folder);
const samples = there ? readdirSync(folder).filter((name) => name.endsWith('.xml')) : [];

const withUrls = async (outside: string | undefined, inside: string | undefined) => {
  const license = readPublishingLicense(await licenseOf('https://rms.contoso.com'));
  const distributionPoints = license.facts.distributionPoints.map((point) => ({
    ...point,
    url: point.type?.startsWith('Extranet') ? outside : inside,
  }));
  return licenseAddresses({ ...license, facts: { ...license.facts, distributionPoints } });
};

describe('where a license says that it wants to be taken', () => {
  it('is the address for outside, then the one for inside if that differs', async () => {
    expect((await withUrls('https://a.example/x', 'https://b.example/x')).urls).toEqual([
      'https://a.example/x',
      'https://b.example/x',
    ]);
    expect((await withUrls('https://a.example/x', 'HTTPS://A.example/X')).urls).toHaveLength(1);
    expect((await withUrls(undefined, 'https://b.example/\r\n')).urls).toEqual(['https://b.example/']);
    expect((await withUrls(undefined, undefined)).urls).toEqual([]);
  });

  describe.skipIf(!there)('in real licenses (skipped without the shared samples)', () => {
    it.each(samples)('is a web address, with the server key beside it: %s', (name) => {
      const { urls, serverKey } = licenseAddresses(readPublishingLicense(readFileSync(`${folder}/${name}`)));
      expect(urls.length).toBeGreaterThan(0);
      expect(urls.every((url) => /^https?:$/.test(new URL(url).protocol))).toBe(true);
      expect(serverKey).toMatch(/^[A-Za-z0-9+/]{171,344}=*$/);
    });

    it.each(samples)('does not matter to how it is sent, byte for byte: %s', async (name) => {
      const license = new Uint8Array(readFileSync(`${folder}/${name}`));
      const answer = { json: { ...granted, ContentId: null } };
      const { connection, sent } = fakeConnection(
        serviceAt('https://rms.contoso.com/my/v2', { enduserlicenses: answer }),
      );
      const service = restLicensingServiceOver(connection, {
        tokens: async () => 'token',
        url: 'https://rms.contoso.com',
        now: () => new Date('2026-05-04T12:00:00Z'),
      });
      const use = await service.acquireUseLicense(license);
      expect(use.contentId).toMatch(/^\{[0-9a-f-]{36}\}$/);
      expect(sent.at(-1)?.body).toEqual({ SerializedPublishingLicense: encodeBase64(license) });
    });
  });
});
