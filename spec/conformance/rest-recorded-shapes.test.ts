import { beforeAll, describe, expect, it } from 'vitest';
import { encodeBase64, encodeUtf8, encodeUtf16le } from '../../src/bytes/index.ts';
import {
  contentId,
  contentKey,
  granted,
  keyMessage,
  licenseOf,
  owner,
} from '../../src/licensing/rest/rest.test-support.ts';
import { clientAnswered } from './rest-client-answered.ts';

// Every shape that answers of the protocol are known to take, and many that they must not (spec/rest.md).

const bob = 'bob@contoso.com';
let license: Uint8Array;

beforeAll(async () => {
  license = await licenseOf('https://rms.contoso.com/_wmcs/licensing');
});

const acquire = (json: unknown, status?: number) =>
  clientAnswered(json, status).service.acquireUseLicense(license);
const without = (name: string): object =>
  Object.fromEntries(Object.entries(granted).filter(([key]) => key !== name));

/** Every member that may be missing, and what a license says then. */
const optional: Readonly<Record<string, object>> = {
  AccessStatus: { rights: ['VIEW', 'EDIT'] },
  Id: { templateId: undefined },
  Name: {},
  Description: {},
  Referrer: { referrer: undefined },
  Owner: { owner },
  IssuedTo: { issuedTo: bob },
  ContentId: { contentId: `{${contentId}}` },
  Roles: { rights: ['VIEW', 'EDIT'] },
  ContentValidUntil: { contentValidUntil: undefined },
  LicenseValidUntil: { licenseValidUntil: undefined },
  FromTemplate: { templateId: undefined },
  allowOfflineAccess: { onlineOnly: false },
  OnlineAccessOnly: { onlineOnly: false },
  Policy: { policy: undefined },
  SignedApplicationData: { signedApplicationData: { Project: 'Alpha' } },
  EncryptedApplicationData: { encryptedApplicationData: {} },
  ErrorMessage: {},
  Sealwright: {},
};

describe('answers with a use license', () => {
  it.each(Object.entries(optional))('may lack %s, or have null for it', async (name, expected) => {
    expect(await acquire(without(name))).toMatchObject(expected);
    expect(await acquire({ ...granted, [name]: null })).toMatchObject(expected);
  });

  it('may have members nobody knows', async () => {
    const more = { DocumentId: 1, LabelId: null, DynamicWatermark: {}, ExtendedErrorInfo: [], Novel: 'x' };
    expect(await acquire({ ...granted, ...more })).toMatchObject({ contentKey });
  });

  it('grant nothing without rights, or without the right to view', async () => {
    for (const Rights of [undefined, null, [], ['PRINT']])
      await expect(acquire({ ...granted, Rights })).rejects.toMatchObject({
        code: 'ACCESS_DENIED',
        details: { rule: 'no-view-right' },
      });
    await expect(acquire({ ...granted, Rights: null, Roles: ['VIEWER'] })).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
    expect(await acquire({ ...granted, Rights: ['owner'] })).toMatchObject({ rights: ['OWNER'] });
  });

  it('keep rights nobody knows, and turn no odd letter into a known one', async () => {
    const Rights = ['view', 'Contoso.Approve', 'pr\u0131nt', ' EDIT '];
    expect(await acquire({ ...granted, Rights })).toMatchObject({
      rights: ['VIEW', 'CONTOSO.APPROVE', 'PR\u0131NT', 'EDIT'],
    });
  });

  it.each([
    ['AccessGranted', {}, undefined],
    ['ACCESSGRANTED', {}, undefined],
    ['accessdenied', {}, 'no-grant'],
    ['AccessDenied', { Key: null, Rights: null }, 'no-grant'],
    ['AccessDenied', { Sealwright: { Rule: 'revoked-for-user' } }, 'revoked-for-user'],
    ['AccessDenied', { Sealwright: { Rule: 'because-i-say-so' } }, 'no-grant'],
    ['ContentExpired', { Key: null }, 'expired'],
    ['contentexpired', { Sealwright: { Rule: 'revoked' } }, 'expired'],
    [undefined, {}, undefined],
    [null, {}, undefined],
    [undefined, { Key: null }, 'no-grant'],
    [null, { Key: undefined }, 'no-grant'],
  ])('with the status %j and %j are refused by %j', async (AccessStatus, more, rule) => {
    const answer = acquire({ ...granted, AccessStatus, ...more });
    if (rule === undefined) expect(await answer).toMatchObject({ contentKey });
    else
      await expect(answer).rejects.toMatchObject({
        code: 'ACCESS_DENIED',
        details: { rule, referrer: 'help@contoso.com', status: 200 },
      });
  });

  it('say in their own words why they refuse, where those are fit for a person', async () => {
    const denied = { ...granted, AccessStatus: 'AccessDenied', Key: null };
    await expect(acquire({ ...denied, ErrorMessage: 'Ask finance.' })).rejects.toMatchObject({
      message: 'Ask finance.',
    });
    for (const ErrorMessage of [null, '', 'a\u0007b', 'x'.repeat(5000)])
      await expect(acquire({ ...denied, ErrorMessage })).rejects.toMatchObject({
        message: `The policy of this content gives ${bob} no rights. To get access, ask help@contoso.com.`,
      });
    await expect(
      acquire({ ...denied, AccessStatus: 'ContentExpired', ContentValidUntil: '2026-01-01T00:00:00' }),
    ).rejects.toMatchObject({ message: expect.stringContaining('expired at 2026-01-01 00:00 UTC') });
  });

  it('name the owner where there is no referrer, and never a link that could run', async () => {
    const denied = { ...granted, AccessStatus: 'AccessDenied', Key: null };
    for (const Referrer of [null, 'javascript:alert(1)', 'see the wiki'])
      await expect(acquire({ ...denied, Referrer })).rejects.toMatchObject({ details: { referrer: owner } });
    expect(await acquire({ ...granted, Referrer: 'data:text/html,x' })).toMatchObject({
      referrer: undefined,
    });
    expect(await acquire({ ...granted, Referrer: 'https://intranet.contoso.com/ask' })).toMatchObject({
      referrer: 'https://intranet.contoso.com/ask',
    });
  });

  it.each([
    ['2026-06-03T10:00:00Z', '2026-06-03T10:00:00.000Z'],
    ['2026-06-03T10:00:00', '2026-06-03T10:00:00.000Z'],
    ['2026-06-03T10:00:00.7654321', '2026-06-03T10:00:00.765Z'],
    ['2026-06-03T12:00:00+02:00', '2026-06-03T10:00:00.000Z'],
  ])('have dates such as %s', async (date, expected) => {
    const use = await acquire({ ...granted, ContentValidUntil: date, LicenseValidUntil: date });
    expect(use.contentValidUntil?.toISOString()).toBe(expected);
    expect(use.licenseValidUntil?.toISOString()).toBe(expected);
  });

  it("do not end for the content's owner", async () => {
    const ended = { ...granted, IssuedTo: 'Alice@Contoso.com', ContentValidUntil: '2020-01-01T00:00:00Z' };
    expect((await acquire(ended)).contentValidUntil).toBeUndefined();
  });

  it('say in several ways that they must not be kept', async () => {
    const days = (IntervalTimeInDays: unknown) => ({ Policy: { UserRights: [], IntervalTimeInDays } });
    for (const [more, onlineOnly] of [
      [{ allowOfflineAccess: false }, true],
      [{ allowOfflineAccess: true, OnlineAccessOnly: true }, true],
      [{ allowOfflineAccess: null, OnlineAccessOnly: false }, false],
      [days(7), false],
      [days(0), true],
      [days(-1), true],
      [days(null), true],
      [{ Policy: {} }, true],
      [{ ...days(0), Sealwright: { OfflineDays: 0 } }, false],
      [{ LicenseValidUntil: '2026-05-04T11:59:59Z' }, true],
    ] as const)
      expect(await acquire({ ...granted, ...more }), JSON.stringify(more)).toMatchObject({ onlineOnly });
  });

  it('name a template only where they say so', async () => {
    expect(await acquire({ ...granted, FromTemplate: true })).toMatchObject({ templateId: contentId });
    expect(await acquire({ ...granted, FromTemplate: true, Id: null })).toMatchObject({
      templateId: undefined,
    });
    await expect(acquire({ ...granted, FromTemplate: true, Id: 'staff' })).rejects.toMatchObject({
      code: 'MALFORMED_ANSWER',
      details: { field: 'Id' },
    });
  });

  it('bring keys of the lengths that the cipher mode takes, and no others', async () => {
    for (const [mode, lengths] of [
      ['MICROSOFT.CBC4K', [16, 24, 32]],
      ['microsoft.cbc512.nopadding', [16, 24, 32]],
      ['MICROSOFT.ECB', [16, 24, 32]],
      ['SEALWRIGHT.GCM64K', [32]],
    ] as const)
      for (const length of [1, 8, 15, 16, 17, 24, 31, 32, 33, 64]) {
        const answer = acquire({ ...granted, Key: keyMessage(new Uint8Array(length), mode) });
        if ((lengths as readonly number[]).includes(length))
          expect(await answer).toMatchObject({ cipherMode: mode.toUpperCase() });
        else
          await expect(answer).rejects.toMatchObject({
            code: 'MALFORMED_ANSWER',
            details: { field: 'Key.Value' },
          });
      }
  });

  it('are refused for a cipher mode nobody knows', async () => {
    await expect(acquire({ ...granted, Key: keyMessage(contentKey, 'MICROSOFT.GCM') })).rejects.toMatchObject(
      { code: 'UNSUPPORTED_CIPHER_MODE', details: { field: 'Key.CipherMode' } },
    );
  });

  it('give the policy to who may see it', async () => {
    const { policy } = await acquire({
      ...granted,
      Policy: {
        AllowAuditedExtraction: false,
        UserRights: [
          { Users: ['Bob@Contoso.com', 'partner.example'], Rights: ['VIEW', 'print'] },
          { Users: ['nobody at all', 'AuthenticatedUsers'], Rights: ['VIEW', 'a right', 'Viewer'] },
        ],
        UserRoles: [{ Users: ['carol@contoso.com'], Roles: ['REVIEWER', 'JESTER'] }],
        IntervalTimeInDays: 7,
        LicenseValidUntil: '2027-01-01T00:00:00',
      },
      Sealwright: { ValidFrom: '2026-01-01T00:00:00Z' },
      EncryptedApplicationData: { Case: '7' },
    });
    expect(policy?.grants.map(({ to, rights }) => [to, rights.length])).toEqual([
      ['bob@contoso.com', 2],
      ['partner.example', 2],
      ['AuthenticatedUsers', 3],
      ['carol@contoso.com', 8],
    ]);
    expect(policy).toMatchObject({
      validFrom: new Date('2026-01-01T00:00:00Z'),
      validUntil: new Date('2027-01-01T00:00:00Z'),
      offlineDays: 7,
      referrer: 'help@contoso.com',
      names: [{ lcid: 1033, name: 'Confidential', description: 'For staff' }],
      encryptedApplicationData: { Case: '7' },
    });
  });

  it.each([
    ['AccessStatus', { AccessStatus: 'Maybe' }],
    ['AccessStatus', { AccessStatus: true }],
    ['Id', { Id: 7 }],
    ['Name', { Name: {}, Policy: {} }],
    ['Referrer', { Referrer: ['x'] }],
    ['Owner', { Owner: 1 }],
    ['IssuedTo', { IssuedTo: false }],
    ['ContentId', { ContentId: 'mine' }],
    ['ContentId', { ContentId: '{11111111-2222-4333-8444-555555555555}' }],
    ['Key', { Key: 'AAAA' }],
    ['Key', { Key: null }],
    ['Key', { Key: undefined }],
    ['Key.Value', { Key: { ...keyMessage(), Value: '' } }],
    ['Key.Value', { Key: { ...keyMessage(), Value: 'not base64!' } }],
    ['Key.Value', { Key: { ...keyMessage(), Value: [1, 2] } }],
    ['Key.Value', { Key: { ...keyMessage(), Value: 'A'.repeat(10_000) } }],
    ['Key.Algorithm', { Key: { ...keyMessage(), Algorithm: 'DES' } }],
    ['Key.Algorithm', { Key: { ...keyMessage(), Algorithm: undefined } }],
    ['Key.CipherMode', { Key: { ...keyMessage(), CipherMode: null } }],
    ['Key.CipherMode', { Key: { ...keyMessage(), CipherMode: 'M'.repeat(1000) } }],
    ['Key.Size', { Key: { ...keyMessage(), Size: '16' } }],
    ['Rights', { Rights: 'VIEW' }],
    ['Rights[1]', { Rights: ['VIEW', 7] }],
    ['Rights[0]', { Rights: [''] }],
    ['Rights[0]', { Rights: ['R'.repeat(1000)] }],
    ['Rights', { Rights: Array(5000).fill('VIEW') }],
    ['Roles', { Roles: {} }],
    ['Roles[0]', { Roles: [null] }],
    ['ContentValidUntil', { ContentValidUntil: 'never' }],
    ['ContentValidUntil', { ContentValidUntil: 1769853600 }],
    ['LicenseValidUntil', { LicenseValidUntil: '2026-02-30T00:00:00Z' }],
    ['FromTemplate', { FromTemplate: 'true' }],
    ['allowOfflineAccess', { allowOfflineAccess: 1 }],
    ['OnlineAccessOnly', { OnlineAccessOnly: 'no' }],
    ['Policy', { Policy: [] }],
    ['Policy.AllowAuditedExtraction', { Policy: { AllowAuditedExtraction: 'x', IntervalTimeInDays: 1 } }],
    ['Policy.IntervalTimeInDays', { Policy: { IntervalTimeInDays: '30' } }],
    ['Policy.LicenseValidUntil', { Policy: { LicenseValidUntil: 'soon', IntervalTimeInDays: 1 } }],
    ['Policy.UserRights', { Policy: { UserRights: {}, IntervalTimeInDays: 1 } }],
    ['Policy.UserRights[0]', { Policy: { UserRights: [null], IntervalTimeInDays: 1 } }],
    [
      'Policy.UserRights[1].Rights',
      { Policy: { UserRights: [{}, { Users: [bob], Rights: 'VIEW' }], IntervalTimeInDays: 1 } },
    ],
    [
      'Policy.UserRights[0].Users[1]',
      { Policy: { UserRights: [{ Users: [bob, 3] }], IntervalTimeInDays: 1 } },
    ],
    [
      'Policy.UserRoles[0].Roles',
      { Policy: { UserRoles: [{ Users: [bob], Roles: 1 }], IntervalTimeInDays: 1 } },
    ],
    ['SignedApplicationData', { SignedApplicationData: [] }],
    ['SignedApplicationData.a', { SignedApplicationData: { a: 1 } }],
    ['EncryptedApplicationData.b', { EncryptedApplicationData: { b: null } }],
    ['ErrorMessage', { AccessStatus: 'AccessDenied', ErrorMessage: 7 }],
    ['Sealwright', { Sealwright: 'yes' }],
    ['Sealwright.Rule', { AccessStatus: 'AccessDenied', Sealwright: { Rule: {} } }],
    ['Sealwright.ValidFrom', { Policy: { IntervalTimeInDays: 1 }, Sealwright: { ValidFrom: 'x' } }],
    ['Sealwright.Names[0].Name', { Policy: { IntervalTimeInDays: 1 }, Sealwright: { Names: [{ Lcid: 1 }] } }],
  ])('that cannot be understood are refused by the field: %s in %j', async (field, more) => {
    await expect(acquire({ ...granted, ...more })).rejects.toMatchObject({
      code: 'MALFORMED_ANSWER',
      message: expect.stringContaining(field),
      details: { field, status: 200, host: 'rms.contoso.com', requestId: 'test-request' },
    });
  });

  it.each([[undefined], [null], [[]], ['granted'], [7], [true]])('are objects, not %j', async (json) => {
    await expect(acquire(json)).rejects.toMatchObject({ code: 'MALFORMED_ANSWER', details: { field: '' } });
  });

  it('are asked for with the bytes that stand in the file, in either encoding', async () => {
    const text = new TextDecoder().decode(license.subarray(3));
    const forms = [
      license,
      encodeUtf8(text),
      encodeUtf16le(text),
      Uint8Array.from([...encodeUtf16le(text), 0, 0]),
      Uint8Array.from([0xff, 0xfe, ...encodeUtf16le(text)]),
    ];
    for (const form of forms) {
      const { service, sent } = clientAnswered(granted);
      expect(await service.acquireUseLicense(form)).toMatchObject({ contentKey });
      expect(sent.at(-1)?.body).toEqual({ SerializedPublishingLicense: encodeBase64(form) });
    }
  });

  it('are shared by those who ask for the same at the same time, and may be asked for again', async () => {
    const { service, sent } = clientAnswered(granted);
    await service.acquireUseLicense(license);
    await service.acquireUseLicense(Uint8Array.from(license), { contentName: 'a.txt' });
    const other = await licenseOf('https://rms.contoso.com/_wmcs/licensing');
    await service.acquireUseLicense(other);
    const [first, second, third] = sent.filter(({ method }) => method === 'POST');
    expect(first?.shareKey).toBe(second?.shareKey);
    expect(third?.shareKey).not.toBe(first?.shareKey);
    expect(first?.repeatable).toBe(true);
  });
});

describe('answers that refuse', () => {
  const exception = (name: string) => ({
    Code: `Microsoft.RightsManagement.Exceptions.${name}`,
    Message: 'No.',
  });

  it.each([
    [400, exception('UnrecognizedUrlException'), 'SERVICE_REFUSED', 'unknown-server'],
    [400, exception('UnknownTenantException'), 'SERVICE_REFUSED', 'unknown-organization'],
    [400, exception('BadInputException'), 'MALFORMED_LICENSE', 'bad-input'],
    [400, exception('ServiceDisabledException'), 'SERVICE_REFUSED', 'service-disabled'],
    [500, exception('ServiceDisabledForApplicationException'), 'SERVICE_REFUSED', 'application-disabled'],
    [500, exception('NotSignedUpException'), 'SERVICE_REFUSED', 'not-signed-up'],
    [400, exception('DevicePlatformNotRecognizedException'), 'SERVICE_REFUSED', 'device-not-recognized'],
    [400, exception('DevicePlatformDisabledException'), 'SERVICE_REFUSED', 'device-disabled'],
    [400, exception('NovelException'), 'SERVICE_REFUSED', 'bad-request'],
    [500, exception('NovelException'), 'SERVICE_UNAVAILABLE', 'server-error'],
    [400, undefined, 'SERVICE_REFUSED', 'bad-request'],
    [
      401,
      { Message: 'The authorization token is not well-formed.' },
      'AUTHENTICATION_FAILED',
      'token-refused',
    ],
    [403, null, 'SERVICE_REFUSED', 'forbidden'],
    [404, '<html>', 'SERVICE_UNAVAILABLE', 'not-found'],
    [424, {}, 'SERVICE_UNAVAILABLE', 'customer-key-unreachable'],
    [429, {}, 'THROTTLED', 'too-many-requests'],
    [500, [], 'SERVICE_UNAVAILABLE', 'server-error'],
    [501, {}, 'UNSUPPORTED_BY_SERVICE', 'not-implemented'],
    [502, {}, 'SERVICE_UNAVAILABLE', 'bad-gateway'],
    [503, {}, 'SERVICE_UNAVAILABLE', 'busy'],
  ])('with %i and %j are %s, %s', async (status, body, code, reason) => {
    await expect(acquire(body, status)).rejects.toMatchObject({ code, details: { reason, status } });
  });
});
