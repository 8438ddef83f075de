import { beforeAll, describe, expect, it } from 'vitest';
import { encodeBase64 } from '../../src/bytes/index.ts';
import { definePolicy } from '../../src/index.ts';
import {
  contentId,
  contentKey,
  keyMessage,
  licenseOf,
  owner,
} from '../../src/licensing/rest/rest.test-support.ts';
import { clientAnswered } from './rest-client-answered.ts';

// Every shape that answers to publishing and about templates are known to take (spec/rest.md, "Publishing").

const bob = 'bob@contoso.com';
let license: Uint8Array;

beforeAll(async () => {
  license = await licenseOf('https://rms.contoso.com/_wmcs/licensing');
});

describe('answers with a publishing license', () => {
  const policy = definePolicy({ grants: [{ to: bob, rights: ['VIEW'] }] });
  const published = () => ({
    SerializedPublishingLicense: encodeBase64(license),
    Owner: owner,
    Key: keyMessage(),
    Id: null,
    Name: null,
    Description: null,
    Referrer: null,
    ContentId: contentId,
    SignedApplicationData: null,
    EncryptedApplicationData: null,
  });
  const publish = (more: object, asked: object = {}) =>
    clientAnswered({ ...published(), ...more }).service.publish({ policy, ...asked });

  it.each([
    'Id',
    'Name',
    'Description',
    'Referrer',
    'ContentId',
    'SignedApplicationData',
    'EncryptedApplicationData',
  ])('may lack %s, or have null for it', async (name) => {
    for (const value of [undefined, null])
      expect(await publish({ [name]: value })).toEqual({
        publishingLicense: license,
        contentKey,
        cipherMode: 'MICROSOFT.CBC4K',
        contentId: `{${contentId}}`,
        owner,
      });
  });

  it.each([
    ['SerializedPublishingLicense', { SerializedPublishingLicense: null }],
    ['SerializedPublishingLicense', { SerializedPublishingLicense: 'AAAA' }],
    ['SerializedPublishingLicense', { SerializedPublishingLicense: '<XrML/>' }],
    ['SerializedPublishingLicense', { SerializedPublishingLicense: 'A'.repeat(2_000_000) }],
    ['Owner', { Owner: undefined }],
    ['Owner', { Owner: '  ' }],
    ['Key', { Key: null }],
    ['Key.Algorithm', { Key: { ...keyMessage(), Algorithm: '' } }],
    ['Key.CipherMode', { Key: { ...keyMessage(), CipherMode: undefined } }],
    ['Key.CipherMode', { Key: keyMessage(contentKey, 'MICROSOFT.CBC512.NOPADDING') }],
    ['Key.Value', { Key: { ...keyMessage(), Value: null } }],
    ['Key.Value', { Key: keyMessage(new Uint8Array(16)) }],
    ['Key.Value', { Key: keyMessage(new Uint8Array(20)) }],
    ['ContentId', { ContentId: 'x' }],
    ['ContentId', { ContentId: '{11111111-2222-4333-8444-555555555555}' }],
    ['Name', { Name: 4 }],
    ['SignedApplicationData.x', { SignedApplicationData: { x: 1 } }],
  ])('that cannot be understood are refused by the field: %s', async (field, more) => {
    await expect(publish(more)).rejects.toMatchObject({ code: 'MALFORMED_ANSWER', details: { field } });
  });

  it('never weaken what was asked for', async () => {
    const ecb = await licenseOf('https://rms.contoso.com', { cipherMode: 'MICROSOFT.ECB' });
    const weak = {
      SerializedPublishingLicense: encodeBase64(ecb),
      Key: keyMessage(contentKey, 'MICROSOFT.ECB'),
    };
    await expect(publish(weak)).rejects.toMatchObject({
      code: 'UNSUPPORTED_BY_SERVICE',
      details: { field: 'Key.CipherMode' },
    });
    expect(await publish(weak, { cipherMode: 'MICROSOFT.ECB' })).toMatchObject({
      cipherMode: 'MICROSOFT.ECB',
    });
  });
});

describe('answers with templates', () => {
  const list = (json: unknown) => clientAnswered(json).service.listTemplates();
  const template = { Id: contentId, Name: 'Staff', Description: 'All of us' };

  it('may be empty, and descriptions too', async () => {
    expect(await list([])).toEqual([]);
    for (const Description of ['', null, undefined])
      expect(await list([{ ...template, Description }])).toMatchObject([{ description: '' }]);
  });

  it.each([
    ['', null],
    ['', { templates: [] }],
    ['[0]', ['x']],
    ['[0].Id', [{ ...template, Id: null }]],
    ['[1].Id', [template, { ...template, Id: 'staff' }]],
    ['[0].Name', [{ ...template, Name: '' }]],
    ['[0].Description', [{ ...template, Description: 3 }]],
  ])('that cannot be understood are refused by the field: %j', async (field, json) => {
    await expect(list(json)).rejects.toMatchObject({ code: 'MALFORMED_ANSWER', details: { field } });
  });
});
