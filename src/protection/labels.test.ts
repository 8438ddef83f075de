import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../authority/index.ts';
import { type ByteSource, memorySource } from '../bytes/index.ts';
import { changeLabels, readLabels } from '../label/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../license/index.ts';
import { inspect, open, protect, removeProtection, reprotect } from './index.ts';

const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
const authority = await createAuthority({ store: createMemoryStore(), custodian });
const service = authority.as('alice@contoso.com');
const policy = { grants: [] };
const site = '11111111-2222-3333-4444-555555555555';
const set = (id: string, name: string) => ({
  set: { id, siteId: site, name, method: 'Privileged' as const },
});
const general = set('10000000-0000-4000-8000-000000000001', 'General');
const secret = set('20000000-0000-4000-8000-000000000002', 'Secret');

const whole = async (source: ByteSource) => new Uint8Array(await source.read(0, source.size ?? 0));
const idsOf = async (bytes: Uint8Array) =>
  (await readLabels(memorySource(bytes))).filter(({ enabled }) => enabled).map(({ id }) => id);
const change = async (bytes: Uint8Array, wanted: Parameters<typeof changeLabels>[1]) =>
  whole(await changeLabels(memorySource(bytes), wanted));

const samples = '../shared/data/samples/plaintext';
const documents = [
  ['testWORD.docx', undefined],
  ['testWORD.docx', 'pfile'],
  ['testWORD.doc', undefined],
  ['testEXCEL.xlsx', undefined],
  ['testPPT.ppt', undefined],
  ['testJPEG.jpg', undefined],
  ['testPNG.png', undefined],
] as const;

describe.skipIf(!existsSync(samples))('labels (skipped without ../shared/data)', () => {
  // Our own mode binds a PFILE's head into its key: labels beside such content are fixed.
  const modes = { interop: 'microsoft' } as const;

  it.each(documents)('of %s go along through protection (format %s) and back', async (name, format) => {
    const original = new Uint8Array(readFileSync(`${samples}/${name}`));
    const document = await change(original, general);
    const file = await protect(document, { service, policy, name, format });
    const bytes = await file.bytes();
    expect((await inspect(bytes)).labels).toMatchObject([{ id: general.set.id, name: 'General' }]);
    const opened = await removeProtection(bytes, { service, name });
    expect(opened.labels.map((label) => label.id)).toEqual([general.set.id]);
    expect(Buffer.compare(await opened.bytes(), document)).toBe(0);
    opened.close();
  });

  it.each(documents)(
    'that were changed on protected %s (format %s) stand in the unprotected document',
    async (name, format) => {
      const original = new Uint8Array(readFileSync(`${samples}/${name}`));
      const document = await change(original, general);
      const file = await protect(document, { service, policy, name, format, ...modes });
      const relabelled = await change(await file.bytes(), secret);
      expect(await idsOf(relabelled)).toEqual([secret.set.id]);
      const plain = await open(relabelled, { service });
      expect(Buffer.compare(await plain.bytes(), document)).toBe(0);
      plain.close();
      const opened = await removeProtection(relabelled, { service, name });
      const unprotected = await opened.bytes();
      expect(opened.size).toBe(unprotected.length);
      expect(await idsOf(unprotected)).toEqual([secret.set.id]);
      expect(Buffer.compare(await opened.read(0, 100), unprotected.subarray(0, 100))).toBe(0);
      opened.close();

      const again = await reprotect(relabelled, { service, policy, name });
      expect(await idsOf(await again.bytes())).toEqual([secret.set.id]);
    },
  );

  it.each(['testWORD.docx', 'testWORD.doc'])(
    'that were taken off protected %s do not come back with the document',
    async (name) => {
      const original = new Uint8Array(readFileSync(`${samples}/${name}`));
      const document = await change(original, general);
      const file = await protect(document, { service, policy, name });
      const bare = await change(await file.bytes(), { remove: 'all' });
      const opened = await removeProtection(bare, { service, name });
      expect(await idsOf(await opened.bytes())).toEqual([]);
      opened.close();
    },
  );

  it('of content that keeps none itself stay beside it when it is protected again', async () => {
    const text = new TextEncoder().encode('The plan.');
    const file = await protect(text, { service, policy, name: 'plan.txt', ...modes });
    const labelled = await change(await file.bytes(), general);
    const again = await reprotect(labelled, { service, policy, name: 'plan.ptxt' });
    expect(await idsOf(await again.bytes())).toEqual([general.set.id]);
  });

  it('of unprotected documents are shown by inspect', async () => {
    const original = new Uint8Array(readFileSync(`${samples}/testWORD.docx`));
    const facts = await inspect(await change(original, secret));
    expect(facts).toMatchObject({ protected: false, labels: [{ name: 'Secret', removed: false }] });
  });
});
