import { describe, expect, it } from 'vitest';
import { readXrmlDocuments, readXrmlFacts, verifySignature } from '../xrml/index.ts';
import { custodianFromPkcs8, generateRsaKey } from './key-custodian.ts';
import { readRightsData } from './read-rights-data.ts';
import { rightsDataBytes } from './rights-data.ts';
import { issueTemplateReference } from './template-reference.ts';

const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
const account = { kind: 'account', email: 'alice@contoso.com', publicKey: custodian.publicKey } as const;
const id = '9a3c1b52-7d64-4f0e-b1c8-3e5f7a9d2c41';
const names = [{ lcid: 1033, name: 'Staff & guests', description: 'Everyone' }];

describe('a reference to a template', () => {
  it('is signed by the client, names the template, and grants nothing to anybody but the owner', async () => {
    const signer = { kind: 'client', account, custodian, certificates: [] } as const;
    const issuedAt = new Date('2026-05-04T10:00:00Z');
    const text = await issueTemplateReference(signer, { id, names }, issuedAt);
    const [document] = readXrmlDocuments(text);
    const facts = readXrmlFacts(document!);
    expect(verifySignature(document!).valid).toBe(true);
    expect(facts.issuer?.object?.name).toBe('alice@contoso.com');
    expect(facts.issuedTime).toEqual(issuedAt);
    expect(facts.descriptor).toMatchObject({ id: `{${id}}`, idVersion: undefined, names });
    expect(facts.rights.map(({ name, holders }) => [name, holders.map(({ object }) => object?.id)])).toEqual([
      ['OWNER', ['Owner']],
    ]);
    expect(readRightsData(rightsDataBytes(text))).toMatchObject({ kind: 'template', templateId: id });
  });
});
