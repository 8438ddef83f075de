import { describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../../src/authority/index.ts';
import { definePolicy } from '../../src/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../src/license/index.ts';
import type { PublishRequest } from '../../src/licensing/index.ts';
import { markup, readXrmlDocuments, signXrmlBody } from '../../src/xrml/index.ts';

const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
const authority = await createAuthority({ store: createMemoryStore(), custodian });
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
