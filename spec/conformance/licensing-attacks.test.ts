import { describe, expect, it } from 'vitest';
import {
  type AuthorityStore,
  createAuthority,
  createMemoryStore,
  type JsonValue,
} from '../../src/authority/index.ts';
import { definePolicy } from '../../src/index.ts';
import {
  custodianFromPkcs8,
  generateRsaKey,
  issuePublishingLicense,
  type OfflinePublisher,
  offlinePublisher,
  readPublishingLicense,
} from '../../src/license/index.ts';
import type { PublishRequest } from '../../src/licensing/index.ts';
import { markup, readXrmlDocuments, signXrmlBody } from '../../src/xrml/index.ts';

const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
const store = createMemoryStore();
const authority = await createAuthority({ store, custodian });

/** A store that knows who the authority is and nothing else, as after restoring an early backup. */
async function copyOfSettings(): Promise<AuthorityStore> {
  const early = createMemoryStore();
  for (const name of ['authority', 'server-licensor-certificate'])
    await early.setSetting(name, (await store.getSetting(name)) as JsonValue);
  return early;
}

const grants = [{ to: 'bob@contoso.com', rights: ['VIEW'] }];
const template = await authority.templates.create({
  names: [{ lcid: 1033, name: 'For Bob', description: 'Bob only' }],
  grants,
});
const mallory = authority.as('mallory@contoso.com');
const licensor = await mallory.getClientLicensorCertificate();
const malloryKey = await custodianFromPkcs8(licensor.privateKey);
const certificates = new TextDecoder().decode(licensor.certificateChain);

/** Mallory as an issuer: what stands between the tags of the principal her certificate is for. */
const malloryAsIssuer = /<ISSUEDPRINCIPALS><PRINCIPAL[^>]*>(.*?)<\/PRINCIPAL>/s.exec(certificates)?.[1];

/** A license of Mallory's own, made from the parts of another one that `change` keeps. */
async function forged(license: Uint8Array, change: (body: string) => string): Promise<Uint8Array> {
  const [document] = readXrmlDocuments(license);
  const body = change(document!.bodyText).replace(
    /<ISSUER>.*?<\/ISSUER>/s,
    `<ISSUER>${malloryAsIssuer}</ISSUER>`,
  );
  const signed = await signXrmlBody(markup(body), malloryKey.sign, { layout: 'client' });
  return new TextEncoder().encode(signed + certificates);
}

const asOwner = (body: string): string => body.replaceAll('alice@contoso.com', 'mallory@contoso.com');
const asNewContent = (body: string): string =>
  asOwner(body).replace(
    /(<WORK><OBJECT><ID type="MS-GUID">)\{.*?\}/,
    '$1{11111111-1111-4111-8111-111111111111}',
  );

describe('somebody who may publish offline', () => {
  it('gains nothing over a content by being first with a license under its content id and owner', async () => {
    const contentId = '22222222-2222-4222-8222-222222222222';
    const offline = async (publisher: OfflinePublisher, owner: string) =>
      issuePublishingLicense({
        ...publisher,
        issuedAt: new Date(),
        contentId,
        owner,
        rights: { policy: definePolicy({ grants }) },
        contentKey: crypto.getRandomValues(new Uint8Array(32)),
        cipherMode: 'SEALWRIGHT.GCM64K',
        signedApplicationData: {},
      });
    const alice = authority.as('alice@contoso.com');
    const secret = await offline(
      await offlinePublisher(await alice.getClientLicensorCertificate()),
      'alice@contoso.com',
    );
    const squat = await offline(await offlinePublisher(licensor), 'alice@contoso.com');
    await mallory.acquireUseLicense(squat);
    await expect(mallory.acquireUseLicense(secret)).rejects.toMatchObject({
      code: expect.stringMatching(/UNTRUSTED_LICENSE|ACCESS_DENIED/),
    });
  });

  it('gains nothing over what the authority itself published and then forgot', async () => {
    const restored = await createAuthority({ store: await copyOfSettings(), custodian });
    const { publishingLicense } = await authority
      .as('alice@contoso.com')
      .publish({ policy: definePolicy({ grants }) });
    const { contentId } = readPublishingLicense(publishingLicense);
    const squat = await issuePublishingLicense({
      ...(await offlinePublisher(licensor)),
      issuedAt: new Date(),
      contentId: contentId as string,
      owner: 'alice@contoso.com',
      rights: { policy: definePolicy({ grants }) },
      contentKey: crypto.getRandomValues(new Uint8Array(32)),
      cipherMode: 'SEALWRIGHT.GCM64K',
      signedApplicationData: {},
    });
    const there = restored.as('mallory@contoso.com');
    await there.acquireUseLicense(squat);
    await expect(there.acquireUseLicense(publishingLicense)).rejects.toMatchObject({
      details: { rule: 'no-grant' },
    });
    await there.revoke(contentId as string);
    const bob = await restored.as('bob@contoso.com').acquireUseLicense(publishingLicense);
    expect(bob.rights).toEqual(['VIEW']);
  });

  for (const [kind, request] of [
    ['a policy', { policy: definePolicy({ grants }) }],
    ['a template', { templateId: template.id }],
  ] as const satisfies readonly (readonly [string, PublishRequest])[])
    for (const [how, change] of [
      ['named as its owner', asOwner],
      ['under a content id of their own', asNewContent],
      ['with nothing changed but the issuer', (body: string) => body],
    ] as const)
      it(`cannot open what was protected with ${kind} by putting its sealed key into their own license, ${how}`, async () => {
        const { publishingLicense } = await authority.as('alice@contoso.com').publish(request);
        const license = await forged(publishingLicense, change);
        const code = await mallory.acquireUseLicense(license).then(
          () => 'opened',
          (error: { code: string }) => error.code,
        );
        expect(['DECRYPTION_FAILED', 'UNTRUSTED_LICENSE']).toContain(code);
      });
});
