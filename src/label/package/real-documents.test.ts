import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import {
  appearances,
  libreOfficePresent,
} from '../../../spec/conformance/office/libreoffice.test-support.ts';
import { memorySource } from '../../bytes/index.ts';
import { readZip } from '../../container/index.ts';
import { changeLabels } from '../change-labels.ts';
import type { NewLabel } from '../label-change.ts';
import { changeLabelInfo } from '../label-info.ts';
import { readLabels } from '../read-labels.ts';

const second = '10000000-0000-4000-8000-000000000002';
const label: NewLabel = {
  id: '10000000-0000-4000-8000-000000000001',
  siteId: '11111111-2222-3333-4444-555555555555',
  name: 'Secret & "more" <é>',
  method: 'Privileged',
  contentBits: 8,
};

const samples = '../shared/data/samples';

describe.skipIf(!existsSync(samples))('labels of real documents (skipped without ../shared/data)', () => {
  const bytesOf = (path: string) => new Uint8Array(readFileSync(`${samples}/${path}`));
  const expected: Readonly<
    Record<string, { labelInfo?: Record<string, string>[]; customPropertyNames?: string[] }>
  > = existsSync(samples) ? JSON.parse(readFileSync(`${samples}/expected.json`, 'utf8')) : {};
  const labelled = Object.keys(expected).filter((name) => /^labels\/.*\.(xlsx|docx)$/.test(name));
  const plain = existsSync(samples)
    ? readdirSync(`${samples}/plaintext`)
        .filter((name) => /\.(docx|xlsx|xlsm|xlsb|pptx|vsdx|xps)$/.test(name))
        .map((name) => `plaintext/${name}`)
    : [];

  it('are what was computed from each file by others', async () => {
    expect(labelled).toHaveLength(5);
    for (const name of labelled) {
      const labels = await readLabels(memorySource(bytesOf(name)));
      const { labelInfo, customPropertyNames = [] } = expected[name]!;
      const found = labels.map((each) => ({
        id: `{${each.id}}`,
        enabled: each.enabled ? '1' : '0',
        method: each.method,
        siteId: `{${each.siteId}}`,
        ...(each.contentBits === undefined ? {} : { contentBits: String(each.contentBits) }),
        removed: each.removed ? '1' : '0',
      }));
      if (labelInfo !== undefined) expect(found).toEqual(labelInfo);
      else expect(labels).toMatchObject([{ enabled: true, name: 'General', method: 'Manual' }]);
      const names = customPropertyNames.map((key) => key.slice(48));
      if (names.length > 0)
        expect(Boolean(labels[0]?.setDate && labels[0]?.owner && labels[0]?.application)).toBe(true);
      expect(names.includes('ActionId')).toBe(labels[0]?.extended.ActionId !== undefined);
    }
    for (const name of plain) expect(await readLabels(memorySource(bytesOf(name)))).toEqual([]);
  });

  it('are set, changed and removed, and every part that is not about labels stays byte for byte', async () => {
    const set = { ...label, siteId: '72f988bf-86f1-41af-91ab-2d7cd011db47' };
    for (const name of [...labelled, ...plain]) {
      const before = bytesOf(name);
      let current = before;
      for (const change of [{ set }, { set: { ...set, id: second } }, { remove: second }] as const) {
        const result = await changeLabels(memorySource(current), change);
        current = new Uint8Array(await result.read(0, result.size as number));
        const enabled = (await readLabels(memorySource(current))).filter((each) => each.enabled);
        expect(enabled.map((each) => each.id)).toEqual('set' in change ? [change.set.id] : []);
        // The independent reader: another unpacker, and patterns instead of a parser.
        const parts = unzipSync(current);
        const info = parts['docMetadata/LabelInfo.xml'];
        const custom = parts['docProps/custom.xml'];
        const inInfo = info && /<clbl:label id="\{(.*?)\}" enabled="1"/.exec(strFromU8(info))?.[1];
        const inCustom =
          custom && /MSIP_Label_([0-9a-f-]{36})_Enabled"><vt:lpwstr>true</.exec(strFromU8(custom))?.[1];
        for (const found of [inInfo, inCustom])
          expect([undefined, 'set' in change ? change.set.id : undefined]).toContain(found);
        expect(inInfo ?? inCustom).toBe('set' in change ? change.set.id : undefined);
      }
      const [old, now] = [await readZip(memorySource(before)), await readZip(memorySource(current))];
      const changedParts = new Set([
        '[Content_Types].xml',
        '_rels/.rels',
        'docMetadata/LabelInfo.xml',
        'docProps/custom.xml',
      ]);
      for (const [part, entry] of old.entries) {
        const other = now.entries.get(part)!;
        if (changedParts.has(part)) continue;
        expect(
          Buffer.compare(before.slice(entry.offset, entry.limit), current.slice(other.offset, other.limit)),
        ).toBe(0);
        expect([...other.record.slice(0, 42)].join()).toBe([...entry.record.slice(0, 42)].join());
      }
    }
  });

  it('are written as Office writes them, down to the byte', async () => {
    for (const name of labelled.filter((each) => expected[each]?.labelInfo !== undefined)) {
      const [label] = await readLabels(memorySource(bytesOf(name)));
      const set = {
        id: label!.id,
        siteId: label!.siteId!,
        method: label!.method as 'Standard',
        contentBits: label!.contentBits,
      };
      const stored = unzipSync(bytesOf(name))['docMetadata/LabelInfo.xml'];
      expect(strFromU8(changeLabelInfo(undefined, { set }))).toBe(strFromU8(stored!));
    }
  });

  it('are found without reading more than both ends of a file', async () => {
    for (const name of labelled) {
      const memory = memorySource(bytesOf(name));
      let read = 0;
      const counted = {
        ...memory,
        read: (offset: number, length: number) => {
          read += length;
          return memory.read(offset, length);
        },
      };
      await readLabels(counted);
      expect(read).toBeLessThan(22 * 1024);
    }
  });

  it.skipIf(!libreOfficePresent)(
    'leave documents that LibreOffice shows as before (skipped without LibreOffice)',
    async () => {
      const names = [
        'labels/LabeledGeneral.docx',
        'plaintext/testWORD_1img.docx',
        'plaintext/testEXCEL.xlsx',
        'plaintext/testPPT.pptx',
      ];
      const documents = await Promise.all(
        names.map(async (name, i) => {
          const result = await changeLabels(memorySource(bytesOf(name)), { set: label });
          return [
            { name: `before-${i}.${name.split('.').pop()}`, bytes: bytesOf(name) },
            {
              name: `after-${i}.${name.split('.').pop()}`,
              bytes: new Uint8Array(await result.read(0, result.size as number)),
            },
          ];
        }),
      );
      const shown = appearances(documents.flat());
      for (const [before, after] of documents) {
        expect(shown.get(before!.name)?.firstPage.width).toBeGreaterThan(100);
        expect(shown.get(after!.name)?.text).toBe(shown.get(before!.name)?.text);
        expect(
          Buffer.compare(shown.get(after!.name)!.firstPage.dots, shown.get(before!.name)!.firstPage.dots),
        ).toBe(0);
      }
    },
    120_000,
  );
});
