import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../bytes/index.ts';
import type { ProtectedContainer } from '../container/index.ts';
import { containerLabels, readCarriedLabels, readContainerLabels, withCarriedLabels } from './carry.ts';
import { changeLabels } from './change-labels.ts';
import type { NewLabel } from './label-change.ts';
import { readLabels } from './read-labels.ts';

const site = '11111111-2222-3333-4444-555555555555';
const general: NewLabel = {
  id: '10000000-0000-4000-8000-000000000001',
  siteId: site,
  name: 'General',
  method: 'Privileged',
  contentBits: 8,
};
const secret: NewLabel = { id: '20000000-0000-4000-8000-000000000002', siteId: site, name: 'Secret' };

const parts: Readonly<Record<string, string>> = {
  '[Content_Types].xml':
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>',
  '_rels/.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships" />',
};
const documentOf = (changes: Readonly<Record<string, string>> = {}) =>
  memorySource(
    zipSync(
      Object.fromEntries(
        Object.entries({ ...parts, ...changes }).map(([name, text]) => [name, strToU8(text)]),
      ),
    ),
  );
const plain = documentOf();
const labelled = await changeLabels(plain, { set: general });

const container = (format: 'office' | 'pfile', metadata: Uint8Array = new Uint8Array(0)) =>
  ({ format, metadata, documentSummary: undefined }) as unknown as ProtectedContainer;

describe('labels that go along when a document is protected', () => {
  it('are LabelInfo byte for byte, and the properties, in an Office file', async () => {
    const carried = await readCarriedLabels(labelled);
    const { metadata, labelProperties } = containerLabels('office', carried);
    const stored = unzipSync(new Uint8Array(await labelled.read(0, labelled.size as number)));
    expect(metadata).toEqual(stored['docMetadata/LabelInfo.xml']);
    expect(labelProperties).toContainEqual([`MSIP_Label_${general.id}_Name`, 'General']);
    expect(readContainerLabels(container('office', metadata))).toMatchObject([
      { id: general.id, siteId: site, method: 'Privileged', contentBits: 8, enabled: true },
    ]);
  });

  it('are an XMP packet in a PFILE', async () => {
    const { metadata, labelProperties } = containerLabels('pfile', await readCarriedLabels(labelled));
    expect(labelProperties).toBeUndefined();
    expect(readContainerLabels(container('pfile', metadata))).toMatchObject([{ ...general, enabled: true }]);
  });

  it.each([
    ['without labels', plain],
    ['with damaged relationships', documentOf({ '_rels/.rels': '<x' })],
    ['that is half a ZIP archive', memorySource(strToU8('PK\u0003\u0004 and nothing else'))],
    [
      'that is half a compound file',
      memorySource(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)),
    ],
    ['that is half a PFILE', memorySource(strToU8('.pfile\u0002\0\0\0'))],
    ['that is text', memorySource(strToU8('hello'))],
    ['that comes as a stream', { ...labelled, seekable: false }],
  ])('are none of a document %s, without an error', async (_, source) => {
    const carried = await readCarriedLabels(source);
    expect(carried).toMatchObject({ labelInfo: undefined, properties: [], labels: [] });
    expect(containerLabels('office', carried)).toEqual({});
    expect(containerLabels('pfile', carried)).toEqual({});
  });

  it('leave out what a container cannot keep', () => {
    const stated = { ...general, removed: false, enabled: true, parentId: undefined, owner: 'x'.repeat(300) };
    const label = {
      ...stated,
      setDate: 'a\u0000',
      application: undefined,
      extended: { name: 'x', A: '1', a: '2' },
    };
    const { labelProperties = [] } = containerLabels('office', {
      labelInfo: undefined,
      properties: [label as never],
      labels: [label as never],
    });
    const names = labelProperties.map(([name]) => name.slice(48));
    expect(names).toEqual(['Enabled', 'Method', 'Name', 'SiteId', 'ContentBits', 'A']);
    expect(() =>
      containerLabels('pfile', { labelInfo: undefined, properties: [], labels: [label as never] }),
    ).not.toThrow();
  });
});

describe('labels that come back when protection is removed', () => {
  it('leave a document alone that states them already', async () => {
    const outside = await readLabels(labelled);
    expect(await withCarriedLabels(labelled, outside)).toBe(labelled);
    expect(await withCarriedLabels(labelled, [])).toBe(labelled);
  });

  it('take the place of what the document stated, also where they were taken off', async () => {
    const outside = await readLabels(await changeLabels(labelled, { set: secret }));
    const changed = await withCarriedLabels(labelled, outside);
    expect(await readLabels(changed)).toMatchObject([{ id: secret.id, name: 'Secret' }]);
    const removed = await readLabels(await changeLabels(labelled, { remove: 'all' }));
    const bare = await withCarriedLabels(labelled, removed);
    expect((await readLabels(bare)).filter(({ enabled }) => enabled)).toEqual([]);
  });

  it('never cost the document: kinds without labels, signed and damaged ones stay as they are', async () => {
    const outside = await readLabels(labelled);
    for (const source of [
      memorySource(strToU8('hello')),
      documentOf({ '_xmlsignatures/origin.sigs': '' }),
      documentOf({ '[Content_Types].xml': '<x' }),
      memorySource(strToU8('PK\u0003\u0004 and nothing else')),
    ])
      expect(await withCarriedLabels(source, outside)).toBe(source);
  });
});
