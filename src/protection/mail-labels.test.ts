import { describe, expect, it } from 'vitest';
import { type ByteSource, encodeUtf8 } from '../bytes/index.ts';
import { changeLabels, containerLabels, labelsFromProperties, readLabels } from '../label/index.ts';
import { doNotForward } from '../rights/index.ts';
import { inspect, open, openMessage, protect, removeProtection, reprotect } from './index.ts';
import { alice, bob, messageTo } from './mail.test-support.ts';

const id = '10000000-0000-4000-8000-000000000001';
const newId = '10000000-0000-4000-8000-000000000002';
const siteId = '11111111-2222-3333-4444-555555555555';
const otherSite = '11111111-2222-3333-4444-666666666666';
const foreignId = '10000000-0000-4000-8000-000000000003';
const field =
  `MSIP_Labels: MSIP_Label_${id}_Enabled=true;\r\n MSIP_Label_${id}_SiteId=${siteId};\r\n MSIP_Label_${id}_Name=Internal;\r\n` +
  `\tMSIP_Label_${foreignId}_Enabled=True; MSIP_Label_${foreignId}_SiteId=${otherSite}; MSIP_Label_${foreignId}_Own=7;\r\n`;
const policy = doNotForward(['bob@contoso.com']);
const set = { id: newId, siteId, name: 'Streng vertraulich – Öl', method: 'Privileged' } as const;

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const bytesOf = async (source: ByteSource): Promise<Uint8Array> =>
  new Uint8Array(await source.read(0, source.size ?? 0));
const protectedOf = async (bytes: Uint8Array, name: string, metadata?: Uint8Array): Promise<Uint8Array> =>
  (await protect(bytes, { service: alice, policy, name, metadata })).bytes();
const openedOf = async (bytes: Uint8Array): Promise<Uint8Array> => {
  const opened = await open(bytes, { service: bob });
  try {
    return await opened.bytes();
  } finally {
    opened.close();
  }
};
/** The same message as an Outlook item. */
async function itemOf(eml: Uint8Array): Promise<Uint8Array> {
  const message = await openMessage(await protectedOf(eml, 'a.eml'), { service: bob });
  const bytes = await message.toMsg().bytes();
  message.close();
  return bytes;
}

const labelled = messageTo([], field);
const bare = messageTo([]);

describe('labels of a protected message', () => {
  it('stand in its clear header byte for byte, and are told without a key', async () => {
    const bytes = await protectedOf(labelled, 'mail.eml');
    expect(text(bytes)).toContain(field);
    const labels = [
      { id, siteId, name: 'Internal', enabled: true },
      { id: foreignId, siteId: otherSite, enabled: true },
    ];
    expect((await inspect(bytes)).labels).toMatchObject(labels);
    expect((await inspect(labelled)).labels).toMatchObject(labels);
    expect(await readLabels(bytes)).toMatchObject(labels);
    const opened = await open(bytes, { service: bob });
    expect(opened.labels).toMatchObject(labels);
    opened.close();
    expect(text(await openedOf(bytes))).toBe(text(labelled));
  });

  it.each([
    ['MIME message', 'mail.eml', async (eml: Uint8Array) => eml],
    ['Outlook item', 'mail.msg', itemOf],
  ])('are changed in a protected %s without a key, and come out so', async (_, name, formOf) => {
    const bytes = await protectedOf(await formOf(labelled), name);
    expect((await inspect(bytes)).labels.map((each) => each.id)).toEqual([id, foreignId]);
    const changed = await bytesOf(await changeLabels(bytes, { set }));
    const now = [{ id: newId, name: set.name }, { id: foreignId }];
    const sorted = <T extends { readonly id: string }>(labels: readonly T[]): T[] =>
      [...labels].sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(sorted((await inspect(changed)).labels)).toMatchObject(now);
    expect(sorted(await readLabels(await openedOf(changed)))).toMatchObject(now);
    const removed = await removeProtection(changed, { service: alice, name });
    expect(sorted(await readLabels(await removed.bytes()))).toMatchObject(now);
    removed.close();
    const again = await reprotect(changed, { service: alice, policy, name });
    expect(sorted((await inspect(await again.bytes())).labels)).toMatchObject(now);

    const none = await bytesOf(await changeLabels(changed, { remove: 'all' }));
    expect((await inspect(none)).labels).toEqual([]);
    expect(await readLabels(await openedOf(none))).toEqual([]);
  });

  it('that are put on a protected message come out in front of the message as it was', async () => {
    const bytes = await bytesOf(await changeLabels(await protectedOf(bare, 'mail.eml'), { set }));
    const opened = text(await openedOf(bytes));
    expect(opened.endsWith(text(bare))).toBe(true);
    expect(opened.slice(0, -bare.length)).toMatch(/^msip_labels: MSIP_Label_/);
  });

  it.each([
    ['MIME message', 'mail.eml', async (eml: Uint8Array) => eml],
    ['Outlook item', 'mail.msg', itemOf],
  ])('take the place of those of a %s if they are given when it is protected', async (_, name, formOf) => {
    const pairs = Object.entries({ Enabled: 'true', SiteId: siteId, Name: 'Gegeben – Öl' });
    const labels = labelsFromProperties(
      pairs.map(([fact, value]) => [`MSIP_Label_${newId}_${fact}`, value] as const),
    );
    const { metadata } = containerLabels('mail', { labelInfo: undefined, properties: labels, labels });
    for (const original of [labelled, bare]) {
      const bytes = await protectedOf(await formOf(original), name, metadata);
      const now = [{ id: newId, siteId, name: 'Gegeben – Öl', enabled: true }];
      expect((await inspect(bytes)).labels).toMatchObject(now);
      expect(await readLabels(await openedOf(bytes))).toMatchObject(now);
    }
  });

  it('are refused if they are given in the form of another kind of file, or with more lines than one', async () => {
    for (const wrong of ['<?xml version="1.0"?><labelList/>', 'a=b\r\nBcc: eve@example.net']) {
      const options = { service: alice, policy, metadata: encodeUtf8(wrong) };
      const protecting = async () => (await protect(bare, options)).bytes();
      await expect(protecting()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
  });
});
