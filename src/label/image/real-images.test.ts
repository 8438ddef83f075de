import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ByteSource, memorySource } from '../../bytes/index.ts';
import type { LabelPlace } from '../label-place.ts';
import { gifLabels } from './gif.ts';
import { type CutImage, cutGif, cutJpeg, cutPng, cutTiff, factsIn } from './image-blocks.test-support.ts';
import { jpegLabels } from './jpeg.ts';
import { pngLabels } from './png.ts';
import { tiffLabels } from './tiff.ts';

const samples = '../shared/data/samples';
const images: readonly (readonly [string, LabelPlace, (bytes: Buffer) => CutImage])[] = [
  ['labels/xmp_labeled_automatic-Labeled.jpeg', jpegLabels, cutJpeg],
  ['labels/xmp_labeled_manual-Labeled.jpg', jpegLabels, cutJpeg],
  ['labels/xmp_labeled_manual-Labeled.png', pngLabels, cutPng],
  ['labels/xmp_not_labeled-NotLabeled.png', pngLabels, cutPng],
  ['labels/xmp_labeled_manual-Labeled.gif', gifLabels, cutGif],
  ['labels/xmp_labeled_manual-Labeled.tif', tiffLabels, cutTiff],
  ['plaintext/testJPEG.jpg', jpegLabels, cutJpeg],
  ['plaintext/testPNG.png', pngLabels, cutPng],
  ['plaintext/testGIF.gif', gifLabels, cutGif],
  ['plaintext/testTIFF.tif', tiffLabels, cutTiff],
];

const load = (name: string): Buffer => readFileSync(`${samples}/${name}`);
const bytesOf = async (source: ByteSource): Promise<Buffer> =>
  Buffer.from(await source.read(0, source.size ?? 0));

const label = {
  id: '10000000-0000-4000-8000-000000000001',
  siteId: '72f988bf-86f1-41af-91ab-2d7cd011db47',
  name: 'Geheim & "vertraulich" <ä>',
  method: 'Privileged',
  setDate: new Date(Date.UTC(2026, 10, 21, 17)),
  contentBits: 0,
} as const;
const prefix = `MSIP_Label_${label.id}_`;
const labelFacts = {
  Sensitivity: label.name,
  [`${prefix}Enabled`]: 'true',
  [`${prefix}SetDate`]: '2026-11-21T17:00:00Z',
  [`${prefix}Method`]: 'Privileged',
  [`${prefix}Name`]: label.name,
  [`${prefix}SiteId`]: label.siteId,
  [`${prefix}ContentBits`]: '0',
};

describe.skipIf(!existsSync(samples))('labels of real images (skipped without ../shared/data)', () => {
  const expected = existsSync(samples)
    ? (JSON.parse(readFileSync(`${samples}/expected.json`, 'utf8')) as Record<
        string,
        { readonly labelIdsInXmp?: readonly string[] }
      >)
    : {};

  it.each(images)('%s: are read with every value', async (name, place, cut) => {
    const bytes = load(name);
    const { labelInfo, properties } = await place.read(memorySource(bytes));
    expect(labelInfo).toBeUndefined();
    expect(properties.map(({ id }) => id)).toEqual(expected[name]?.labelIdsInXmp ?? []);
    const facts = cut(bytes).packets.map(factsIn)[0] ?? {};
    for (const { id, ...read } of properties) {
      const fact = (attribute: string): string | undefined => facts[`MSIP_Label_${id}_${attribute}`];
      expect(read).toEqual({
        enabled: fact('Enabled') === 'True',
        removed: false,
        name: 'General',
        siteId: '72f988bf-86f1-41af-91ab-2d7cd011db47',
        owner: fact('Owner'),
        setDate: fact('SetDate'),
        method: name.includes('automatic') ? 'Automatic' : 'Manual',
        application: 'Microsoft Azure Information Protection',
        extended: {
          MSFT_Method: fact('Extended_MSFT_Method'),
          ...(fact('Ref') !== undefined && { Ref: fact('Ref') }),
        },
      });
      expect(read.enabled && read.owner && read.setDate).toBeTruthy();
    }
  });

  it.each(images)(
    '%s: can be set, changed and removed, and nothing else differs',
    async (name, place, cut) => {
      const original = load(name);
      const before = cut(original);
      const others = (facts: Record<string, string>): [string, string][] =>
        Object.entries(facts).filter(([key]) => !/^(?:MSIP_Label_|Sensitivity$)/.test(key));
      const foreign = others(before.packets.map(factsIn)[0] ?? {});

      const set = await place.change(memorySource(original), { set: label });
      const afterSet = cut(await bytesOf(set));
      expect(afterSet.packets).toHaveLength(1);
      expect(factsIn(afterSet.packets[0] as Buffer)).toEqual({
        ...Object.fromEntries(foreign),
        ...labelFacts,
      });
      expect((await place.read(set)).properties).toMatchObject([
        { id: label.id, name: label.name, enabled: true, method: 'Privileged', contentBits: 0 },
      ]);

      const renamed = await place.change(set, { set: { ...label, id: label.siteId, name: undefined } });
      const afterChange = cut(await bytesOf(renamed));
      expect(
        Object.keys(factsIn(afterChange.packets[0] as Buffer)).filter((key) => key.includes(label.id)),
      ).toEqual([]);
      expect((await place.read(renamed)).properties.map(({ id }) => id)).toEqual([label.siteId]);

      const removed = await place.change(renamed, { remove: label.siteId });
      const afterRemoval = cut(await bytesOf(removed));
      expect(others(factsIn(afterRemoval.packets[0] as Buffer))).toEqual(foreign);
      expect(Object.keys(factsIn(afterRemoval.packets[0] as Buffer))).toHaveLength(foreign.length);
      expect((await place.read(removed)).properties).toEqual([]);

      for (const { blocks } of [afterSet, afterChange, afterRemoval]) expect(blocks).toEqual(before.blocks);
    },
  );

  it.each(images)('%s: is the same file where there is nothing to remove', async (name, place) => {
    const source = memorySource(load(name));
    expect(await place.change(source, { remove: label.id })).toBe(source);
  });

  it.each(images)('%s: a label of another tenant is put beside what is there', async (name, place) => {
    const source = memorySource(load(name));
    const there = (await place.read(source)).properties;
    const both = await place.change(source, { set: { ...label, siteId: label.id } });
    expect((await place.read(both)).properties).toEqual(expect.arrayContaining([...there]));
    const removed = await place.change(both, { remove: label.id });
    expect((await place.read(removed)).properties).toEqual(there);
  });
});
