import { describe, expect, it } from 'vitest';
import { definePolicy, type PolicyInput } from '../../rights/index.ts';
import type { PublishOptions } from '../licensing-service.ts';
import { publishingRequest } from './publishing-request.ts';

const grants = [{ to: 'bob@contoso.com', rights: ['VIEW', 'PRINT'] }];

const requestFor = (input: Partial<PolicyInput> = {}, asked: PublishOptions = {}, sealwright = false) =>
  publishingRequest(
    { policy: definePolicy({ grants, ...input }), ...asked },
    { sealwright, user: 'alice@contoso.com', host: 'api.aadrm.com' },
  );

describe('a request for a publishing license', () => {
  it('says everything the protocol has a word for', () => {
    expect(
      requestFor({
        validUntil: new Date('2027-01-01T00:00:30.500Z'),
        offlineDays: 0,
        referrer: 'https://contoso.com/ask',
        names: [{ lcid: 1031, name: 'Intern', description: 'Nur wir' }],
        signedApplicationData: { a: '1' },
        encryptedApplicationData: { b: '2' },
      }),
    ).toEqual({
      PreferDeprecatedAlgorithms: false,
      AllowAuditedExtraction: false,
      ReferralInfo: 'https://contoso.com/ask',
      SignedApplicationData: { a: '1' },
      Policy: {
        Descriptors: [{ Name: 'Intern', Description: 'Nur wir', Language: 'de-DE' }],
        UserRights: [{ Users: ['bob@contoso.com'], Rights: ['VIEW', 'PRINT'] }],
        allowOfflineAccess: false,
        IntervalTimeInDays: 0,
        LicenseValidUntil: '2027-01-01T00:00:00Z',
        EncryptedApplicationData: { b: '2' },
      },
    });
  });

  it.each([
    [-1, true, 30],
    [0, false, 0],
    [30, true, 30],
  ])('says %i offline days as %j and %i', (offlineDays, allowOfflineAccess, IntervalTimeInDays) => {
    expect(requestFor({ offlineDays }).Policy).toMatchObject({ allowOfflineAccess, IntervalTimeInDays });
  });

  it('says "only me" with the name that stands for the owner', () => {
    expect(requestFor({ grants: [] }).Policy?.UserRights).toEqual([
      { Users: ['IPC_USER_ID_OWNER'], Rights: ['OWNER'] },
    ]);
  });

  it.each([
    [undefined, false],
    ['MICROSOFT.CBC4K', false],
    ['microsoft.cbc512.nopadding', false],
    ['MICROSOFT.ECB', true],
  ])('with the cipher mode %s asks for deprecated algorithms: %j', (cipherMode, expected) => {
    expect(requestFor({}, { cipherMode }).PreferDeprecatedAlgorithms).toBe(expected);
    expect(requestFor({}, { cipherMode })).not.toHaveProperty('Sealwright');
  });

  it('allows audited extraction only if everybody may', () => {
    const audited = { to: 'bob@contoso.com', rights: ['VIEW', 'AUDITEDEXTRACT'] };
    const plain = { to: 'carol@contoso.com', rights: ['VIEW'] };
    expect(requestFor({ grants: [audited] }).AllowAuditedExtraction).toBe(true);
    expect(requestFor({ grants: [audited, plain] }).AllowAuditedExtraction).toBe(false);
  });

  it.each([
    ['a start of validity', { validFrom: new Date('2027-01-01T00:00:00Z') }, {}],
    ['offline use for 7 days', { offlineDays: 7 }, {}],
    ['an owner other than who protects', {}, { owner: 'carol@contoso.com' }],
    ['the cipher mode SEALWRIGHT.GCM64K', {}, { cipherMode: 'SEALWRIGHT.GCM64K' }],
    ['a name without a description', { names: [{ lcid: 1033, name: 'x', description: '' }] }, {}],
    ['a name in the language 4242', { names: [{ lcid: 4242, name: 'x', description: 'y' }] }, {}],
    [
      'names in several languages',
      { names: [1031, 1033].map((lcid) => ({ lcid, name: 'x', description: 'y' })) },
      {},
    ],
  ])('does not leave out silently: %s', (what, input, asked) => {
    expect(() => requestFor(input, asked)).toThrowError(
      expect.objectContaining({ code: 'UNSUPPORTED_BY_SERVICE', message: expect.stringContaining(what) }),
    );
    expect(requestFor(input, asked, true)).toHaveProperty('Sealwright');
  });

  it('does not count the caller as another owner', () => {
    expect(requestFor({}, { owner: 'Alice@CONTOSO.com' })).not.toHaveProperty('Sealwright');
    expect(requestFor({}, { owner: 'Alice@CONTOSO.com' }, true).Sealwright).not.toHaveProperty('Owner');
  });

  it('refuses a cipher mode nobody knows', () => {
    expect(() => requestFor({}, { cipherMode: 'ROT13' })).toThrowError(
      expect.objectContaining({ code: 'UNSUPPORTED_CIPHER_MODE' }),
    );
  });

  it('refuses a template id that is none', () => {
    const situation = { sealwright: false, host: 'api.aadrm.com' };
    expect(() => publishingRequest({ templateId: 'staff' }, situation)).toThrowError(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});
