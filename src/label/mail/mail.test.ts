import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, encodeUtf8, memorySource, writtenBytes } from '../../bytes/index.ts';
import { type CompoundFile, mailModule, readCompoundFile } from '../../container/index.ts';
import { SealwrightError } from '../../errors.ts';
import { changeLabels } from '../change-labels.ts';
import { readLabels } from '../read-labels.ts';
import { labelsOfField } from './place.ts';

const id = '10000000-0000-4000-8000-000000000001';
const otherId = '10000000-0000-4000-8000-000000000002';
const siteId = '11111111-2222-3333-4444-555555555555';
const otherSite = '11111111-2222-3333-4444-666666666666';
const label = { id, siteId, name: 'Internal', method: 'Privileged' } as const;

const bytesOf = async (source: ByteSource): Promise<Uint8Array> =>
  new Uint8Array(await source.read(0, source.size ?? 0));
const textOf = async (source: ByteSource): Promise<string> => Buffer.from(await bytesOf(source)).toString();
const start = 'From: alice@contoso.com\r\nTo: bob@contoso.com\r\n';
const end = 'Subject: Hi\r\nMIME-Version: 1.0\r\n\r\nText.\r\nmsip_labels: MSIP_Label_x=1\r\n';
const eml = (field = ''): Uint8Array => encodeUtf8(`${start}${field}${end}`);
const stated = (of: string, site: string, name = 'General'): string =>
  `MSIP_Label_${of}_Enabled=true; MSIP_Label_${of}_SiteId=${site};\r\n MSIP_Label_${of}_Name=${name}`;

describe('labels of a MIME message', () => {
  it('are none where a message.rpmsg has bytes for them that are no text', () => {
    expect(labelsOfField(Uint8Array.of(0xff, 0x80, 0x3d))).toEqual([]);
  });

  it('are put in front of its header, a fact a line, and taken off again', async () => {
    const original = eml();
    expect(await readLabels(original)).toEqual([]);
    const labelled = await changeLabels(original, { set: label });
    expect(await textOf(labelled)).toBe(
      `msip_labels: MSIP_Label_${id}_Enabled=true;\r\n MSIP_Label_${id}_Method=Privileged;\r\n ` +
        `MSIP_Label_${id}_Name=Internal;\r\n MSIP_Label_${id}_SiteId=${siteId}\r\n${start}${end}`,
    );
    expect(await readLabels(labelled)).toMatchObject([{ ...label, enabled: true }]);
    expect(await bytesOf(await changeLabels(labelled, { remove: 'all' }))).toEqual(original);
  });

  it('are read in any case and fold, with words that are encoded, and a semicolon behind the last', async () => {
    const field = `MSIP_Labels:\t${stated(id, siteId, '=?utf-8?B?w5ZmZmVudGxpY2g=?= A;B')} ;\r\n`;
    expect(await readLabels(eml(field))).toMatchObject([
      { id, siteId, name: 'Öffentlich A;B', enabled: true },
    ]);
  });

  it('keep their place, and labels of other tenants and facts that nobody knows as they are', async () => {
    const field = `MSIP_Labels: x=y; ${stated(otherId, otherSite)}; MSIP_Label_${otherId}_ActionId=; ${stated(id, siteId)}\r\n`;
    const labelled = await changeLabels(eml(field), { set: { ...label, id: otherId.replace('2', '3') } });
    expect((await readLabels(labelled)).map((each) => each.siteId)).toEqual([otherSite, siteId]);
    const text = await textOf(labelled);
    expect(text.startsWith(`${start}MSIP_Labels: x=y;\r\n MSIP_Label_${otherId}_Enabled=true;`)).toBe(true);
    expect(text).toContain(`MSIP_Label_${otherId}_ActionId=;`);
    expect(text.endsWith(`\r\n${end}`)).toBe(true);
    const bare = await textOf(await changeLabels(labelled, { remove: otherId.replace('2', '3') }));
    expect(bare).toContain(`MSIP_Label_${otherId}_ActionId=\r\n${end}`);
  });

  it('are in encoded words only where they have to be, so that mail servers find the others', async () => {
    const name = 'Ärger – 機密'.repeat(8);
    const labelled = await changeLabels(eml(), { set: { ...label, name } });
    const text = await textOf(labelled);
    expect(text).toContain(`MSIP_Label_${id}_Enabled=true;`);
    expect(text).toMatch(/^[\x20-\x7e\r\n]*$/);
    expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThan(100);
    expect(await readLabels(labelled)).toMatchObject([{ ...label, name }]);
  });

  it('of several fields become one', async () => {
    const field = `msip_labels: ${stated(otherId, otherSite)}\r\nX: y\r\nmsip_labels: ${stated(id, siteId)}\r\n`;
    expect(await readLabels(eml(field))).toHaveLength(2);
    const text = await textOf(await changeLabels(eml(field), { remove: id }));
    expect(text.split('msip_labels')).toHaveLength(3); // one in the header, one in the text
    expect(text).toContain('X: y');
  });

  it.each([
    ['with line feeds', (text: string) => text.replaceAll('\r', ''), ''],
    ['in a mailbox file', (text: string) => `From alice Mon Jan  1 10:00:00 2024\r\n${text}`, 'From '],
  ])('stay readable in a message %s', async (_, change, first) => {
    const original = encodeUtf8(change(Buffer.from(eml()).toString()));
    const labelled = await changeLabels(original, { set: label });
    const text = await textOf(labelled);
    expect(text.startsWith(first)).toBe(true);
    expect(text.includes('\r')).toBe(Buffer.from(original).includes(13));
    expect(await readLabels(labelled)).toMatchObject([label]);
    expect(await bytesOf(await changeLabels(labelled, { remove: 'all' }))).toEqual(original);
  });

  it('change nothing where the message says the same already', async () => {
    const labelled = await changeLabels(eml(), { set: label });
    expect(await changeLabels(labelled, { set: label })).toBe(labelled);
    expect(await changeLabels(labelled, { remove: otherId })).toBe(labelled);
  });

  it('refuse a name that would end in the middle', async () => {
    const set = { ...label, name: 'A; B' };
    await expect(changeLabels(eml(), { set })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it.each([
    ['facts', 'a=;'],
    ['pieces that are no facts', 'MSIP_Label_x;; '],
    ['labels', `MSIP_Label_${otherId}_Enabled=true;`],
  ])('are found among very many %s', async (_, piece) => {
    const many = piece.repeat(Math.floor(150_000 / piece.length)).replace(/.{900}/g, '$&\r\n ');
    const field = `msip_labels: ${stated(id, siteId)};${many}\r\n`;
    const labelled = await changeLabels(eml(field), { set: { ...label, name: 'New' } });
    expect((await readLabels(labelled)).find((each) => each.id === id)?.name).toBe('New');
  });

  it('are not put where the header has no room for them', async () => {
    const full = eml(`X: ${`${'x'.repeat(900)}\r\n `.repeat(289)}${'y'.repeat(850)}\r\n`);
    await expect(changeLabels(full, { set: label })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('come back whatever they are called', async () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !/[;\p{C}]/u.test(text));
    await fc.assert(
      fc.asyncProperty(name, async (text) => {
        let labelled: ByteSource;
        try {
          labelled = await changeLabels(eml(), { set: { ...label, name: text.trim() } });
        } catch (error) {
          if (error instanceof SealwrightError) return;
          throw error;
        }
        const [read] = await readLabels(labelled);
        // In a header a run of white space is one space.
        const spaced = (value = '') => value.replace(/\s+/gu, ' ').trim();
        expect(spaced(read?.name)).toBe(spaced(text));
        expect(read).toMatchObject({ id, siteId });
      }),
      { numRuns: 50 },
    );
  });
});

async function item(fields: Readonly<Record<string, string>> = {}): Promise<Uint8Array> {
  const { newMessage, writeMail } = await mailModule();
  const all = { From: 'alice@contoso.com', Subject: 'Hi', ...fields };
  const message = newMessage({
    fields: Object.entries(all).map(([name, value]) => ({ name, value })),
    plain: 'Text.',
  });
  const writer = await writeMail(message, 'msg');
  return writtenBytes((sink) => writer.writeTo(sink));
}
const fileOf = async (source: ByteSource): Promise<CompoundFile> =>
  readCompoundFile(memorySource(await bytesOf(source)));
const streams = async (file: CompoundFile): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  const walk = async (entries: CompoundFile['root']['entries'], path: string): Promise<void> => {
    for (const entry of entries)
      if (entry.kind === 'storage') await walk(entry.entries, `${path}${entry.name}/`);
      else found.set(path + entry.name, Buffer.from(await file.read(entry, 1 << 20)).toString('hex'));
  };
  await walk(file.root.entries, '');
  return found;
};

describe('labels of an Outlook item', () => {
  it('are put into its named property and taken off again; nothing else changes', async () => {
    const original = await item();
    expect(await readLabels(original)).toEqual([]);
    const labelled = await changeLabels(original, { set: { ...label, name: 'Ärger – 機密' } });
    expect(await readLabels(labelled)).toMatchObject([{ ...label, name: 'Ärger – 機密', enabled: true }]);
    const [before, after] = [
      await streams(await readCompoundFile(memorySource(original))),
      await streams(await fileOf(labelled)),
    ];
    const changed = [...after].filter(([path, bytes]) => before.get(path) !== bytes).map(([path]) => path);
    const outside = changed.filter((path) => !path.startsWith('__nameid_version1.0/'));
    expect(outside.sort()).toEqual([
      '__properties_version1.0',
      expect.stringMatching(/^__substg1\.0_8\w{3}001F$/),
    ]);
    expect([...before.keys()].every((path) => after.has(path))).toBe(true);
    const bare = await changeLabels(labelled, { remove: 'all' });
    expect(await readLabels(bare)).toEqual([]);
    const left = await streams(await fileOf(bare));
    expect(left.get('__properties_version1.0')).toBe(before.get('__properties_version1.0'));
    expect([...left.keys()].some((path) => /__substg1\.0_8\w{3}001F/.test(path))).toBe(false);
  });

  it('are changed in the header that it came with, too', async () => {
    const before = await item({ msip_labels: `${stated(otherId, otherSite)}; ${stated(id, siteId)}` });
    expect(await readLabels(before)).toHaveLength(2);
    const labelled = await changeLabels(before, { set: { ...label, name: 'New' } });
    expect(await readLabels(labelled)).toMatchObject([
      { id: otherId, name: 'General' },
      { id, name: 'New' },
    ]);
    const header = Buffer.from(
      (await streams(await fileOf(labelled))).get('__substg1.0_007D001F') ?? '',
      'hex',
    );
    const text = header.toString('utf16le');
    expect(text).toContain(`MSIP_Label_${id}_Name=New`);
    expect(text).toContain(`MSIP_Label_${otherId}_Name=General`);
    expect(text).toContain('Subject: Hi');
    const bare = await changeLabels(labelled, { remove: 'all' });
    const left = Buffer.from((await streams(await fileOf(bare))).get('__substg1.0_007D001F') ?? '', 'hex');
    expect(left.toString('utf16le')).toBe('From: alice@contoso.com\r\nSubject: Hi\r\n');
  });

  it('change nothing where it says the same already', async () => {
    const labelled = await changeLabels(await item(), { set: label });
    expect(await changeLabels(labelled, { set: label })).toBe(labelled);
  });

  it('of a damaged one are none to a reader, and an error to a writer', async () => {
    const whole = await bytesOf(await changeLabels(await item(), { set: label }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        async (changes) => {
          const bytes = whole.slice();
          for (const [at, value] of changes) bytes[at] = value;
          try {
            await readLabels(bytes);
            await bytesOf(await changeLabels(bytes, { set: { ...label, name: 'New' } }));
          } catch (error) {
            if (!(error instanceof SealwrightError)) throw error;
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

const samples = '../shared/data/samples/plaintext/';
describe.skipIf(!existsSync(samples))('labels of real messages (skipped without ../shared/data)', () => {
  it.each(['testMSG.msg', 'test-outlook.msg', 'testMSG_att_doc.msg', 'testRFC822_multipart_attachments.eml'])(
    'come and go in %s, and leave it as it was',
    async (name) => {
      const original = new Uint8Array(readFileSync(`${samples}${name}`));
      const { readLabelField } = await mailModule();
      expect(await readLabels(original)).toEqual([]);
      const labelled = await changeLabels(original, { set: label });
      expect(await readLabels(labelled)).toMatchObject([label]);
      const bare = await changeLabels(labelled, { remove: 'all' });
      if (name.endsWith('.eml')) {
        expect(await readLabelField(labelled)).toHaveLength(4);
        expect(Buffer.from(await bytesOf(bare)).equals(original)).toBe(true);
        return;
      }
      const [before, after] = [
        await streams(await readCompoundFile(memorySource(original))),
        await streams(await fileOf(bare)),
      ];
      for (const [path, bytes] of before)
        if (!path.startsWith('__nameid_version1.0/')) expect(after.get(path) === bytes, path).toBe(true);
    },
  );
});
