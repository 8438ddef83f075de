import { describe, expect, it } from 'vitest';
import { definePolicy, defineTemplate, randomGuid } from '../rights/index.ts';
import { readXrmlDocuments, readXrmlFacts, verifySignature, verifyXrmlChain } from '../xrml/index.ts';
import {
  issueAccountCertificate,
  issueClientLicensorCertificate,
  issueServerLicensorCertificate,
} from './certificates.ts';
import { custodianFromPkcs8, generateRsaKey } from './key-custodian.ts';
import type { AccountParty, ServerParty } from './party.ts';
import { issuePublishingLicense, type PublishingLicenseInput } from './publishing-license.ts';
import { openPublishingLicense, readPublishingLicense } from './read-publishing-license.ts';
import { readTemplateDocument } from './read-rights-data.ts';
import { issueTemplateDocument } from './template-document.ts';
import { issueUseLicense, openUseLicense } from './use-license.ts';

const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
const server: ServerParty = {
  kind: 'server',
  id: randomGuid(),
  name: 'Contoso & Partners',
  url: 'urn:example:authority',
  publicKey: custodian.publicKey,
};
const issuer = { server, custodian };
const clientCustodian = await custodianFromPkcs8(await generateRsaKey(2048));
const alice: AccountParty = {
  kind: 'account',
  email: 'alice@contoso.com',
  publicKey: clientCustodian.publicKey,
};
const issuedAt = new Date('2026-03-04T05:06:07Z');
const year = { validFrom: new Date('2026-01-01T00:00:00Z'), validUntil: new Date('2027-01-01T00:00:00Z') };
const policy = definePolicy({
  grants: [
    { to: 'bob@contoso.com', rights: ['VIEW', 'PRINT', 'CUSTOM.RIGHT'] },
    { to: 'contoso.com', rights: 'Viewer' },
    { to: 'AuthenticatedUsers', rights: ['VIEW'] },
    { to: 'IPC_USER_ID_OWNER', rights: ['OWNER'] },
  ],
  validFrom: new Date('2026-03-05T00:00:00Z'),
  validUntil: new Date('2026-06-01T00:00:00Z'),
  offlineDays: 7,
  referrer: 'helpdesk@contoso.com',
  names: [{ lcid: 1033, name: 'Project Zephyr', description: 'Für alle' }],
  encryptedApplicationData: { project: 'secret & quiet' },
});
const contentKey = Uint8Array.from({ length: 32 }, (_, i) => i);
const input: PublishingLicenseInput = {
  issuedAt,
  contentId: randomGuid(),
  owner: 'alice@contoso.com',
  rights: { policy },
  contentKey,
  cipherMode: 'SEALWRIGHT.GCM64K',
  signedApplicationData: { department: 'R&D' },
  server,
  signer: { kind: 'server', custodian },
};

describe('publishing licenses', () => {
  it('carry key, mode and the whole policy to the server they were issued for', async () => {
    const license = readPublishingLicense(await issuePublishingLicense(input));
    expect(verifySignature(license.license).valid).toBe(true);
    const opened = await openPublishingLicense(license, custodian);
    expect(opened.contentKey).toEqual(contentKey);
    expect(opened.cipherMode).toBe('SEALWRIGHT.GCM64K');
    expect(opened.rights).toMatchObject({ kind: 'policy', contentId: input.contentId });
    expect(opened.rights.kind === 'policy' && opened.rights.policy).toEqual(policy);
  });

  it('name the service that gives use licenses, and a server without an address by its URN', async () => {
    const urls = async (party: ServerParty) =>
      readPublishingLicense(await issuePublishingLicense({ ...input, server: party })).licensingUrls;
    expect(await urls(server)).toEqual(['urn:example:authority']);
    const url = 'https://rms.contoso.com/_wmcs';
    expect(await urls({ ...server, url, licensingUrl: `${url}/licensing` })).toEqual([`${url}/licensing`]);
  });

  it('from elsewhere may name one address for outside, another for inside, with line ends behind them', async () => {
    const text = new TextDecoder().decode(await issuePublishingLicense(input));
    const point = (type: string, url: string) =>
      [new RegExp(`(type="${type}".*?<ADDRESS type="URL">)[^<]*`), `$1${url}`] as const;
    const changed = (...points: (readonly [RegExp, string])[]) =>
      readPublishingLicense(
        new TextEncoder().encode(points.reduce((all, [from, to]) => all.replace(from, to), text)),
      ).licensingUrls;
    const inside = point('License-Acquisition-URL', 'https://inside.contoso.com/_wmcs/licensing\r\n');
    const outside = point(
      'Extranet-License-Acquisition-URL',
      'https://outside.contoso.com/_wmcs/licensing\n',
    );
    const shouted = point('Extranet-License-Acquisition-URL', 'HTTPS://INSIDE.contoso.com/_wmcs/licensing');
    const none = point('Extranet-License-Acquisition-URL', '');
    expect(changed(inside, outside)).toEqual([
      'https://outside.contoso.com/_wmcs/licensing',
      'https://inside.contoso.com/_wmcs/licensing',
    ]);
    expect(changed(inside, shouted)).toEqual(['HTTPS://INSIDE.contoso.com/_wmcs/licensing']);
    expect(changed(inside, none)).toEqual(['https://inside.contoso.com/_wmcs/licensing']);
  });

  it('state in the clear what may be known without a key', async () => {
    const license = readPublishingLicense(await issuePublishingLicense(input));
    expect(license).toMatchObject({
      contentId: `{${input.contentId}}`,
      owner: 'alice@contoso.com',
      templateId: undefined,
      issuedAt: new Date('2026-03-04T05:06:00Z'),
      validFrom: policy.validFrom,
      validUntil: policy.validUntil,
      referrer: 'helpdesk@contoso.com',
      cipherMode: 'SEALWRIGHT.GCM64K',
      signedApplicationData: { department: 'R&D' },
    });
    expect(license.license.text).not.toContain('bob@contoso.com');
    expect(license.license.text).not.toContain('secret');
  });

  it('open for nobody but the server they were issued for', async () => {
    const license = readPublishingLicense(await issuePublishingLicense(input));
    await expect(openPublishingLicense(license, clientCustodian)).rejects.toMatchObject({
      code: 'DECRYPTION_FAILED',
    });
  });

  it('refuse a sealed key that was moved from a license of another server identity', async () => {
    const text = new TextDecoder().decode(await issuePublishingLicense(input));
    const moved = text.replaceAll(server.url, 'urn:example:other');
    const license = readPublishingLicense(new TextEncoder().encode(moved));
    expect(verifySignature(license.license).valid).toBe(false);
    await expect(openPublishingLicense(license, custodian)).rejects.toMatchObject({
      code: 'DECRYPTION_FAILED',
    });
  });

  it('are issued offline with a client licensor certificate that the server vouches for', async () => {
    const terms = { id: randomGuid(), issuedAt, ...year };
    const serverCertificate = await issueServerLicensorCertificate(issuer, server, terms);
    const clientCertificate = await issueClientLicensorCertificate(issuer, alice, terms);
    const bytes = await issuePublishingLicense({
      ...input,
      signer: {
        kind: 'client',
        custodian: clientCustodian,
        account: alice,
        certificates: [clientCertificate, serverCertificate],
      },
    });
    const license = readPublishingLicense(bytes);
    const { createHash } = await import('node:crypto');
    const modulusSha256 = createHash('sha256').update(server.publicKey.modulus).digest('hex');
    const verdict = verifyXrmlChain(license.documents, {
      trustAnchors: [{ name: 'our key', modulusSha256 }],
    });
    expect(verdict.problems).toEqual([]);
    expect(verdict).toMatchObject({ trusted: true, trustAnchor: 'our key' });
    expect((await openPublishingLicense(license, custodian)).contentKey).toEqual(contentKey);
  });

  it('carry a template as the signed document it was', async () => {
    const template = defineTemplate(
      {
        names: [{ lcid: 1033, name: 'Staff only', description: 'Everyone at Contoso' }],
        grants: [{ to: 'contoso.com', rights: 'Reviewer' }],
        expiration: { kind: 'after', days: 30 },
        offlineDays: 0,
        scope: ['hr@contoso.com'],
      },
      issuedAt,
    );
    const document = await issueTemplateDocument(issuer, template);
    const bytes = await issuePublishingLicense({
      ...input,
      rights: {
        template: {
          templateId: template.id,
          updatedAt: template.updatedAt,
          names: template.names,
          document,
          referrer: undefined,
          validUntil: undefined,
        },
      },
    });
    const license = readPublishingLicense(bytes);
    expect(license.templateId).toBe(template.id);
    const { rights } = await openPublishingLicense(license, custodian);
    expect(rights.kind).toBe('template');
    if (rights.kind !== 'template') return;
    expect(verifySignature(rights.document).valid).toBe(true);
    const { updatedAt, ...facts } = template;
    expect(readTemplateDocument(rights.document)).toMatchObject(facts);
  });

  it('refuse application data under a reserved name', async () => {
    const reserved = { ...input, signedApplicationData: { 'Sealwright.CipherMode': 'MICROSOFT.ECB' } };
    await expect(issuePublishingLicense(reserved)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('use licenses in XrML form', () => {
  it('give the account its key, rights and validity, and nobody else', async () => {
    const certificate = await issueAccountCertificate(issuer, alice, { id: randomGuid(), issuedAt, ...year });
    expect(verifySignature(readXrmlDocuments(certificate)[0]!).valid).toBe(true);
    const text = await issueUseLicense(issuer, alice, {
      id: randomGuid(),
      issuedAt,
      contentId: input.contentId,
      owner: 'carol@contoso.com',
      rights: ['VIEW', 'PRINT'],
      contentKey,
      cipherMode: 'MICROSOFT.CBC4K',
      validUntil: year.validUntil,
      onlineOnly: true,
      referrer: 'carol@contoso.com',
    });
    const document = readXrmlDocuments(text)[0]!;
    expect(verifySignature(document).valid).toBe(true);
    expect(readXrmlFacts(document).purpose).toBe('Content-License');
    expect(await openUseLicense(document, clientCustodian)).toEqual({
      contentId: input.contentId,
      contentKey,
      cipherMode: 'MICROSOFT.CBC4K',
      rights: ['VIEW', 'PRINT'],
      validUntil: year.validUntil,
      onlineOnly: true,
    });
    await expect(openUseLicense(document, custodian)).rejects.toMatchObject({ code: 'DECRYPTION_FAILED' });
  });
});
