import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../bytes/index.ts';
import { type Stage, stage } from '../server.test-support.ts';

const root = '/my/v2';
const policy = (more: object = {}) => ({
  PreferDeprecatedAlgorithms: false,
  AllowAuditedExtraction: false,
  Policy: {
    UserRights: [{ Users: ['bob@contoso.com', 'partner.example'], Rights: ['VIEW', 'PRINT'] }],
    allowOfflineAccess: true,
    IntervalTimeInDays: 7,
  },
  ...more,
});

const publish = async (on: Stage, body: object = policy()) => {
  const { status, body: answer } = await on.send(`${root}/publishinglicenses`, { who: 'alice', body });
  expect(status, JSON.stringify(answer)).toBe(200);
  return answer;
};

const acquire = (on: Stage, serialized: string, who = 'bob', more: object = {}) =>
  on.send(`${root}/enduserlicenses`, { who, body: { SerializedPublishingLicense: serialized, ...more } });

describe('service discovery', () => {
  it('lists the endpoints of the version that was asked', async () => {
    const on = await stage();
    for (const version of ['v1', 'v2']) {
      const { status, body } = await on.send(`/my/${version}/servicediscovery?email=bob@contoso.com`, {
        who: 'bob',
      });
      expect(status).toBe(200);
      expect(body).toContainEqual({
        Name: 'enduserlicenses',
        Uri: `https://rms.contoso.com/my/${version}/enduserlicenses`,
      });
      expect(body.map(({ Name }: { Name: string }) => Name)).toEqual([
        'enduserlicenses',
        'publishinglicenses',
        'templates',
        'clientdebuglogs',
        'clientperformancelogs',
        'sealwrightclientlicensors',
        'sealwrightcontents',
        'sealwrightrevocations',
        'sealwrightrestorations',
      ]);
    }
  });
});

describe('publishing and opening', () => {
  it('gives a license and its key, and the same key to whom the policy names', async () => {
    const on = await stage();
    const published = await publish(on);
    expect(published).toMatchObject({
      Owner: 'alice@contoso.com',
      Id: null,
      Key: { Algorithm: 'AES', CipherMode: 'MICROSOFT.CBC4K', Size: 32 },
      SignedApplicationData: null,
    });
    const { status, body } = await acquire(on, published.SerializedPublishingLicense);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      AccessStatus: 'AccessGranted',
      Owner: 'alice@contoso.com',
      IssuedTo: 'bob@contoso.com',
      ContentId: published.ContentId,
      Key: published.Key,
      Rights: ['VIEW', 'PRINT'],
      Roles: null,
      FromTemplate: false,
      allowOfflineAccess: true,
      OnlineAccessOnly: false,
      Policy: null,
      ContentValidUntil: null,
    });
    expect(body.LicenseValidUntil).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(body.Sealwright).toBeUndefined();
  });

  it('takes the license with and without its byte-order mark', async () => {
    const on = await stage();
    const { SerializedPublishingLicense: serialized } = await publish(on);
    const bytes = decodeBase64(serialized) as Uint8Array;
    const text = new TextDecoder().decode(bytes);
    const bare = new TextEncoder().encode(text);
    const marked = Uint8Array.of(0xef, 0xbb, 0xbf, ...bare);
    for (const each of [bytes, bare, marked])
      expect((await acquire(on, encodeBase64(each))).body.AccessStatus).toBe('AccessGranted');
  });

  it('answers a refusal with 200, the status and the rule', async () => {
    const on = await stage();
    const { SerializedPublishingLicense: serialized } = await publish(on);
    const { status, body } = await acquire(on, serialized, 'carol');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      AccessStatus: 'AccessDenied',
      Key: null,
      Rights: [],
      Referrer: 'alice@contoso.com',
      Sealwright: { Rule: 'no-grant' },
    });
    expect(body.ErrorMessage).toContain('alice@contoso.com');
  });

  it('says that the content expired', async () => {
    let now = new Date('2030-01-01T00:00:00Z');
    const on = await stage({ now: () => now });
    const { SerializedPublishingLicense: serialized } = await publish(on, {
      Policy: { ...policy().Policy, LicenseValidUntil: '2030-01-02T00:00:00' },
    });
    expect((await acquire(on, serialized)).body).toMatchObject({
      AccessStatus: 'AccessGranted',
      ContentValidUntil: '2030-01-02T00:00:00Z',
      LicenseValidUntil: '2030-01-02T00:00:00Z',
    });
    now = new Date('2030-01-02T00:00:00Z');
    expect((await acquire(on, serialized)).body).toMatchObject({
      AccessStatus: 'ContentExpired',
      Sealwright: { Rule: 'expired' },
    });
  });

  it('shows the policy to the owner, with what the protocol has no field for', async () => {
    const on = await stage();
    const names = [
      { Lcid: 1033, Name: 'Secret', Description: 'Very' },
      { Lcid: 1031, Name: 'Geheim', Description: 'Sehr' },
    ];
    const { SerializedPublishingLicense: serialized } = await publish(
      on,
      policy({ Sealwright: { Names: names, OfflineDays: -1, ValidFrom: '2020-01-01T00:00:00Z' } }),
    );
    const { body } = await on.send(`${root}/enduserlicenses`, {
      who: 'alice',
      body: { SerializedPublishingLicense: serialized },
      headers: { 'accept-language': 'fr, de-AT;q=0.8, en;q=0.5' },
    });
    expect(body).toMatchObject({
      Name: 'Geheim',
      Description: 'Sehr',
      Rights: ['OWNER'],
      LicenseValidUntil: null,
      Policy: {
        AllowAuditedExtraction: false,
        UserRights: [
          { Users: ['bob@contoso.com'], Rights: ['VIEW', 'PRINT'] },
          { Users: ['partner.example'], Rights: ['VIEW', 'PRINT'] },
        ],
        UserRoles: null,
        IntervalTimeInDays: 9999,
        LicenseValidUntil: null,
      },
      Sealwright: { OfflineDays: -1, ValidFrom: '2020-01-01T00:00:00Z', Names: names },
    });
  });

  it('lets a partner open what they were granted, and do nothing else', async () => {
    const on = await stage();
    const { SerializedPublishingLicense: serialized } = await publish(on);
    expect((await acquire(on, serialized, 'partner.max')).body.AccessStatus).toBe('AccessGranted');
    for (const [path, body] of [
      ['/templates', undefined],
      ['/publishinglicenses', policy()],
      ['/sealwright/clientlicensors', {}],
      ['/sealwright/contents', { SerializedPublishingLicense: serialized, Name: 'x' }],
      ['/sealwright/revocations', { ContentId: 'x' }],
    ] as const) {
      const refused = await on.send(`${root}${path}`, { who: 'partner.max', body });
      expect(refused).toMatchObject({
        status: 403,
        body: { Sealwright: { Code: 'ACCESS_DENIED', Reason: 'not-a-member' } },
      });
    }
  });

  it('chooses a cipher mode that the client can read', async () => {
    const on = await stage();
    const modeFor = async (more: object) => (await publish(on, policy(more))).Key.CipherMode;
    expect(await modeFor({})).toBe('MICROSOFT.CBC4K');
    expect(await modeFor({ PreferDeprecatedAlgorithms: true })).toBe('MICROSOFT.ECB');
    expect(await modeFor({ Sealwright: {} })).toBe('SEALWRIGHT.GCM64K');
    expect(await modeFor({ Sealwright: { CipherMode: 'MICROSOFT.CBC512.NOPADDING' } })).toBe(
      'MICROSOFT.CBC512.NOPADDING',
    );
  });

  it('understands roles, descriptors and the switch of old clients for offline use', async () => {
    const on = await stage();
    const published = await publish(on, {
      PreferDeprecatedAlgorithms: false,
      AllowAuditedExtraction: true,
      ReferralInfo: 'help@contoso.com',
      SignedApplicationData: { a: 'b' },
      Policy: {
        Descriptors: [{ Name: 'Secret', Description: 'Very', Language: 'en-US' }],
        UserRoles: [{ Users: ['bob@contoso.com'], Roles: ['VIEWER'] }],
        allowOfflineAccess: false,
        IntervalTimeInDays: 0,
        EncryptedApplicationData: { c: 'd' },
      },
    });
    expect(published).toMatchObject({
      Name: 'Secret',
      Description: 'Very',
      Referrer: 'help@contoso.com',
      SignedApplicationData: { a: 'b' },
      EncryptedApplicationData: { c: 'd' },
    });
    expect((await acquire(on, published.SerializedPublishingLicense)).body).toMatchObject({
      Rights: ['VIEW', 'VIEWRIGHTSDATA', 'OBJMODEL', 'AUDITEDEXTRACT'],
      allowOfflineAccess: false,
      OnlineAccessOnly: true,
      Referrer: 'help@contoso.com',
      Policy: { AllowAuditedExtraction: true, IntervalTimeInDays: 0 },
      SignedApplicationData: { a: 'b' },
      EncryptedApplicationData: { c: 'd' },
    });
  });

  it('logs the client, its request id and its address', async () => {
    const on = await stage();
    const { SerializedPublishingLicense: serialized } = await publish(on);
    await on.send(`${root}/enduserlicenses`, {
      who: 'bob',
      body: { SerializedPublishingLicense: serialized, Sealwright: { ContentName: 'budget.docx' } },
      headers: {
        'x-ms-rms-request-id':
          '{11111111-1111-4111-8111-111111111111};{22222222-2222-4222-8222-222222222222}',
        'x-ms-rms-platform-id': "AppName=x';AppVersion=1.0;",
      },
      connection: { address: '198.51.100.7' },
    });
    const rows = [];
    for await (const row of on.authority.usageLog()) rows.push(row);
    expect(rows.at(-1)).toMatchObject({
      requestType: 'AcquireLicense',
      userId: 'bob@contoso.com',
      correlationId: '22222222-2222-4222-8222-222222222222',
      clientInfo: 'SDK;AppName=x;AppVersion=1.0;',
      clientAddress: '198.51.100.7',
      fileName: 'budget.docx',
    });
  });
});

describe('templates', () => {
  it('lists them and protects with one', async () => {
    const on = await stage();
    const template = await on.authority.templates.create({
      names: [
        { lcid: 1033, name: 'Staff', description: 'All of us' },
        { lcid: 1031, name: 'Belegschaft', description: 'Wir alle' },
      ],
      grants: [{ to: 'contoso.com', rights: 'Viewer' }],
    });
    const { body } = await on.send(`${root}/templates`, { who: 'alice' });
    expect(body).toEqual([{ Id: template.id, Name: 'Staff', Description: 'All of us' }]);
    const german = await on.send(`${root}/templates`, {
      who: 'alice',
      headers: { 'accept-language': 'de-CH' },
    });
    expect(german.body).toEqual([{ Id: template.id, Name: 'Belegschaft', Description: 'Wir alle' }]);
    const published = await publish(on, {
      PreferDeprecatedAlgorithms: false,
      AllowAuditedExtraction: false,
      TemplateId: `{${template.id.toUpperCase()}}`,
    });
    expect((await acquire(on, published.SerializedPublishingLicense)).body).toMatchObject({
      Id: template.id,
      FromTemplate: true,
    });
  });

  it('says 400 with its own code for a template it does not know', async () => {
    const on = await stage();
    const answer = await on.send(`${root}/publishinglicenses`, {
      who: 'alice',
      body: { TemplateId: '9a3c1b52-7d64-4f0e-b1c8-3e5f7a9d2c41' },
    });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        Code: 'Microsoft.RightsManagement.Exceptions.BadInputException',
        Sealwright: { Code: 'TEMPLATE_NOT_FOUND' },
      },
    });
  });
});

describe('the endpoints of our own', () => {
  it('certifies a client, makes a content known, withdraws it and gives it back', async () => {
    const on = await stage();
    const certified = await on.send(`${root}/sealwright/clientlicensors`, { who: 'alice', body: {} });
    expect(certified.status).toBe(200);
    expect(new TextDecoder().decode(decodeBase64(certified.body.CertificateChain))).toContain('<XrML');
    expect(decodeBase64(certified.body.PrivateKey)?.length).toBeGreaterThan(1000);

    const { SerializedPublishingLicense: serialized, ContentId } = await publish(on);
    const post = (path: string, body: object, who = 'alice') =>
      on.send(`${root}/sealwright/${path}`, { who, body });
    expect(await post('contents', { SerializedPublishingLicense: serialized, Name: 'a.txt' })).toMatchObject({
      status: 200,
      body: {},
    });
    expect((await post('revocations', { ContentId }, 'bob')).status).toBe(403);
    expect((await post('revocations', { ContentId })).status).toBe(200);
    expect((await acquire(on, serialized)).body.Sealwright.Rule).toBe('revoked');
    expect((await post('restorations', { ContentId })).status).toBe(200);
    expect((await acquire(on, serialized)).body.AccessStatus).toBe('AccessGranted');
    expect(await post('restorations', { ContentId })).toMatchObject({
      status: 400,
      body: { Sealwright: { Code: 'CONTENT_NOT_FOUND' } },
    });
  });

  it('takes client logs and keeps nothing of them', async () => {
    const on = await stage();
    for (const path of ['debug', 'performance'])
      expect(await on.send(`${root}/clientlogs/${path}`, { who: 'bob', body: 'no json' })).toMatchObject({
        status: 200,
      });
  });
});

describe('what cannot be used', () => {
  it('is refused with 400, naming the field and never quoting it', async () => {
    const on = await stage();
    const { SerializedPublishingLicense: good } = await publish(on);
    const cases: [string, unknown, RegExp][] = [
      ['enduserlicenses', {}, /SerializedPublishingLicense/],
      ['enduserlicenses', [], /SerializedPublishingLicense/],
      ['enduserlicenses', null, /SerializedPublishingLicense/],
      ['enduserlicenses', 7, /SerializedPublishingLicense/],
      ['enduserlicenses', { SerializedPublishingLicense: `${good}\n` }, /base64/],
      ['enduserlicenses', { SerializedPublishingLicense: good.slice(1) }, /base64/],
      ['enduserlicenses', { SerializedPublishingLicense: `-_${good.slice(2)}` }, /base64/],
      ['enduserlicenses', { SerializedPublishingLicense: 'AAAA=AAA' }, /base64/],
      ['enduserlicenses', { SerializedPublishingLicense: 'AB==' }, /base64/],
      ['enduserlicenses', { SerializedPublishingLicense: good, Sealwright: 'x' }, /Sealwright/],
      ['enduserlicenses', { SerializedPublishingLicense: 'AAAA' }, /license/],
      ['publishinglicenses', {}, /TemplateId or a Policy/],
      ['publishinglicenses', { TemplateId: 5 }, /TemplateId/],
      ['publishinglicenses', { TemplateId: 'hm' }, /template id/],
      ['publishinglicenses', policy({ TemplateId: 'hm' }), /not both/],
      ['publishinglicenses', { Policy: { UserRights: [{ Users: [], Rights: ['VIEW'] }] } }, /Users/],
      ['publishinglicenses', { Policy: { LicenseValidUntil: 'soon' } }, /LicenseValidUntil/],
      ['publishinglicenses', policy({ Sealwright: { CipherMode: 'ROT13' } }), /cipher mode/i],
      ['sealwright/revocations', { ContentId: 'hm' }, /content id/],
    ];
    for (const [path, body, message] of cases) {
      const answer = await on.send(`${root}/${path}`, { who: 'alice', body: JSON.stringify(body) });
      expect(answer.status, JSON.stringify(body).slice(0, 200)).toBe(400);
      expect(answer.body.Message).toMatch(message);
      expect(answer.body.Code).toMatch(/^Microsoft\.RightsManagement\.Exceptions\./);
    }
  });

  it('is an unknown tenant, if another server protected the content', async () => {
    const [here, there] = [await stage(), await stage({ authority: await otherAuthority() })];
    const { SerializedPublishingLicense: serialized } = await publish(there);
    expect(await acquire(here, serialized)).toMatchObject({
      status: 400,
      body: {
        Code: 'Microsoft.RightsManagement.Exceptions.UnknownTenantException',
        Sealwright: { Code: 'UNTRUSTED_LICENSE' },
      },
    });
  });
});

async function otherAuthority() {
  const { createAuthority, createMemoryStore } = await import('../../authority/index.ts');
  const { custodianFromPkcs8, generateRsaKey } = await import('../../license/index.ts');
  return createAuthority({
    store: createMemoryStore(),
    custodian: await custodianFromPkcs8(await generateRsaKey(2048)),
  });
}
