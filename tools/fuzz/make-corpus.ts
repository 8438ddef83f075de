import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority, createMemoryStore } from '../../src/authority/index.ts';
import { encodeUtf8 } from '../../src/bytes/index.ts';
import { protect } from '../../src/index.ts';
import {
  custodianFromPkcs8,
  generateRsaKey,
  issuePublishingLicense,
  keyBits,
} from '../../src/license/index.ts';
import { encodePem, encodeSpki, encryptPkcs8 } from '../../src/license/key-encoding/index.ts';
import { definePolicy } from '../../src/rights/index.ts';
import { folders } from './samples.ts';

// Makes the files that are changed when no real ones are at hand: node tools/fuzz/run.mjs --make-corpus.
// They are kept, because sealing a key is random and a seed is to give the same inputs for ever.

const write = (name: string, bytes: Uint8Array): void => writeFileSync(join(folders.corpus, name), bytes);
const now = (): Date => new Date('2026-05-04T10:00:00Z');
const pkcs8 = await generateRsaKey(2048);
const custodian = await custodianFromPkcs8(pkcs8);
write('key.pk8', pkcs8);
write('key-encrypted.pk8', await encryptPkcs8(pkcs8, 'fuzz', { iterations: 1 }));
write('key.spki', encodeSpki(custodian.publicKey));
write('key.pem', encodeUtf8(encodePem('PUBLIC KEY', encodeSpki(custodian.publicKey))));

const store = createMemoryStore();
const authority = await createAuthority({ store, custodian, now, name: 'Fuzz & Co' });
const alice = authority.as('alice@contoso.com');
const content = encodeUtf8('Strictly between us. '.repeat(30));
const grants = [{ to: 'bob@contoso.com', rights: ['VIEW', 'PRINT'] }];
const policy = {
  grants,
  offlineDays: 7,
  referrer: 'alice@contoso.com',
  validUntil: new Date('2030-01-01T00:00:00Z'),
};
const template = await authority.templates.create({
  names: [{ lcid: 1033, name: 'Staff only', description: 'Everyone' }],
  grants: [{ to: 'contoso.com', rights: 'Reviewer' }],
  expiration: { kind: 'after', days: 30 },
  scope: ['contoso.com'],
});
const gone = await authority.templates.create({ names: template.names, grants: template.grants });
await authority.templates.delete(gone.id);

const metadata = encodeUtf8(
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/" MSIP_Label_074e257c-5848-4582-9a6f-34a182080e71_Enabled="True"/></rdf:RDF></x:xmpmeta>',
);
const gcm = await protect(content, { service: alice, policy, name: 'a.txt', metadata });
write('gcm64k.ptxt', await gcm.bytes());
write(
  'cbc4k.ptxt',
  await (await protect(content, { service: alice, policy, name: 'b.txt', interop: 'microsoft' })).bytes(),
);
write(
  'template.pfile',
  await (await protect(content, { service: alice, template: template.id, formatVersion: '2.1' })).bytes(),
);
await alice.revoke(gcm.contentId, { user: 'bob@contoso.com' });

const client = await authority.as('carol@contoso.com').getClientLicensorCertificate();
const clientCustodian = await custodianFromPkcs8(client.privateKey);
write(
  'offline-license.xml',
  await issuePublishingLicense({
    issuedAt: now(),
    contentId: '11111111-2222-3333-4444-555555555555',
    owner: 'carol@contoso.com',
    rights: { policy: definePolicy(policy) },
    contentKey: new Uint8Array(32).fill(7),
    cipherMode: 'SEALWRIGHT.GCM64K',
    signedApplicationData: { matter: 'A & B' },
    server: {
      kind: 'server',
      ...authority.facts,
      url: `urn:uuid:${authority.facts.id}`,
      publicKey: custodian.publicKey,
    },
    signer: {
      kind: 'client',
      custodian: clientCustodian,
      account: { kind: 'account', email: 'carol@contoso.com', publicKey: clientCustodian.publicKey },
      certificates: [new TextDecoder().decode(client.certificateChain)],
    },
  }),
);
write('template.xml', await authority.templates.export(template.id));

const lines: unknown[] = [{ kind: 'key', pkcs8: Buffer.from(pkcs8).toString('base64') }];
for await (const record of store.exportRecords()) lines.push(record);
write('authority.jsonl', encodeUtf8(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
console.log(`Wrote ${folders.corpus} for a key of ${keyBits(custodian.publicKey)} bits.`);
