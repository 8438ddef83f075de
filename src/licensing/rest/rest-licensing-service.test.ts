import { describe, expect, it } from 'vitest';
import { encodeBase64 } from '../../bytes/index.ts';
import { definePolicy } from '../../rights/index.ts';
import {
  contentId,
  contentKey,
  fakeConnection,
  granted,
  type Handler,
  keyMessage,
  licenseOf,
  owner,
  serviceAt,
} from './rest.test-support.ts';
import { restLicensingServiceOver } from './rest-licensing-service.ts';

const root = 'https://rms.contoso.com/my/v2';
const now = () => new Date('2026-05-04T12:00:00Z');
const policy = definePolicy({ grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] });

function clientOf(answers: Parameters<typeof serviceAt>[1], sealwright = false) {
  const { connection, sent } = fakeConnection(serviceAt(root, answers, sealwright));
  const service = restLicensingServiceOver(connection, {
    tokens: async () => 'token',
    url: 'https://rms.contoso.com',
    user: owner,
    languages: ['de-DE', 'en'],
    now,
  });
  const bodyOf = (name: string) =>
    sent.find(({ url }) => url.pathname.endsWith(`/${name}`))?.body as Record<string, unknown>;
  return { service, sent, bodyOf };
}

async function publishing(license?: Uint8Array, more: object = {}): Promise<Handler> {
  const bytes = license ?? (await licenseOf('https://rms.contoso.com/_wmcs/licensing'));
  return () => ({
    json: { SerializedPublishingLicense: encodeBase64(bytes), Owner: owner, Key: keyMessage(), ...more },
  });
}

describe('restLicensingService', () => {
  it('lists templates in the languages that were asked for', async () => {
    const { service, sent } = clientOf({
      templates: { json: [{ Id: `{${contentId}}`, Name: 'Staff', Description: '' }] },
    });
    expect(await service.listTemplates()).toEqual([{ id: contentId, name: 'Staff', description: '' }]);
    expect(sent.at(-1)?.headers).toEqual({ 'Accept-Language': 'de-DE, en' });
  });

  it('opens a license: key, rights in upper case, validity', async () => {
    const license = await licenseOf('https://rms.contoso.com/_wmcs/licensing');
    const { service, bodyOf } = clientOf({ enduserlicenses: { json: granted } });
    expect(await service.acquireUseLicense(license)).toEqual({
      contentKey,
      cipherMode: 'MICROSOFT.CBC4K',
      rights: ['VIEW', 'EDIT'],
      owner,
      issuedTo: 'bob@contoso.com',
      contentId: `{${contentId}}`,
      templateId: undefined,
      contentValidUntil: undefined,
      licenseValidUntil: new Date('2026-06-03T10:00:00Z'),
      onlineOnly: false,
      referrer: 'help@contoso.com',
      policy: undefined,
      signedApplicationData: { Project: 'Alpha' },
      encryptedApplicationData: {},
    });
    expect(bodyOf('enduserlicenses')).toEqual({ SerializedPublishingLicense: encodeBase64(license) });
  });

  it('protects with a policy on a service that is not ours without saying anything beyond the protocol', async () => {
    const { service, bodyOf } = clientOf({ publishinglicenses: await publishing() });
    const published = await service.publish({ policy, contentName: 'report.txt' });
    expect(published).toMatchObject({ contentKey, owner, contentId: `{${contentId}}` });
    expect(bodyOf('publishinglicenses')).toEqual({
      PreferDeprecatedAlgorithms: false,
      AllowAuditedExtraction: false,
      Policy: {
        UserRights: [{ Users: ['bob@contoso.com'], Rights: ['VIEW'] }],
        allowOfflineAccess: true,
        IntervalTimeInDays: 30,
      },
    });
  });

  it('protects with a template', async () => {
    const { service, bodyOf } = clientOf({ publishinglicenses: await publishing() });
    await service.publish({ templateId: contentId, signedApplicationData: { Project: 'Beta' } });
    expect(bodyOf('publishinglicenses')).toEqual({
      PreferDeprecatedAlgorithms: false,
      AllowAuditedExtraction: false,
      TemplateId: contentId,
      SignedApplicationData: { Project: 'Beta' },
    });
  });

  it('tells a server of ours what the protocol has no word for', async () => {
    const own = definePolicy({
      grants: [],
      validFrom: new Date('2026-05-05T00:00:00Z'),
      offlineDays: 7,
      names: [
        { lcid: 1033, name: 'Staff', description: '' },
        { lcid: 1031, name: 'Belegschaft', description: 'Nur intern' },
      ],
    });
    const { service, bodyOf } = clientOf(
      { publishinglicenses: await publishing(undefined, { Owner: 'carol@contoso.com' }) },
      true,
    );
    await service.publish({
      policy: own,
      owner: 'Carol@contoso.com',
      contentName: 'a.txt',
      cipherMode: 'MICROSOFT.CBC4K',
    });
    expect(bodyOf('publishinglicenses')).toEqual({
      PreferDeprecatedAlgorithms: false,
      AllowAuditedExtraction: false,
      Policy: { UserRights: [], allowOfflineAccess: true, IntervalTimeInDays: 7 },
      Sealwright: {
        CipherMode: 'MICROSOFT.CBC4K',
        Owner: 'carol@contoso.com',
        ContentName: 'a.txt',
        ValidFrom: '2026-05-05T00:00:00Z',
        OfflineDays: 7,
        Names: [
          { Lcid: 1033, Name: 'Staff', Description: '' },
          { Lcid: 1031, Name: 'Belegschaft', Description: 'Nur intern' },
        ],
      },
    });
  });

  it('registers, revokes and restores where there are endpoints for it, and says so where there are none', async () => {
    const license = await licenseOf('https://rms.contoso.com');
    const answers = { contents: { json: {} }, revocations: { json: {} }, restorations: { json: {} } };
    const { service, bodyOf } = clientOf(answers, true);
    await service.registerForTracking(license, 'Plan');
    await service.revoke(contentId, { user: 'Bob@contoso.com' });
    await service.restore(`{${contentId}}`);
    expect(bodyOf('contents')).toEqual({
      SerializedPublishingLicense: encodeBase64(license),
      Name: 'Plan',
    });
    expect(bodyOf('revocations')).toEqual({ ContentId: `{${contentId}}`, User: 'bob@contoso.com' });
    expect(bodyOf('restorations')).toEqual({ ContentId: `{${contentId}}` });

    const other = clientOf(answers).service;
    for (const ask of [
      other.revoke(contentId),
      other.restore(contentId),
      other.registerForTracking(license, 'Plan'),
      other.getClientLicensorCertificate(),
    ])
      await expect(ask).rejects.toMatchObject({ code: 'UNSUPPORTED_BY_SERVICE' });
  });

  it('refuses to act for somebody else, for which no header is documented', () => {
    const { connection } = fakeConnection(() => undefined);
    expect(() =>
      restLicensingServiceOver(connection, { tokens: async () => 't', onBehalfOf: 'bob@contoso.com' }),
    ).toThrowError(expect.objectContaining({ code: 'UNSUPPORTED_BY_SERVICE' }));
  });
});
