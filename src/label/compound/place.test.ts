import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ByteSource, encodeUtf8, memorySource } from '../../bytes/index.ts';
import {
  type CompoundEntry,
  type CompoundFile,
  type CompoundStorage,
  readCompoundFile,
  rewriteCompoundFile,
  userProperties,
} from '../../container/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { NewLabel } from '../label-change.ts';
import { changeLabelInfo, readLabelInfo } from '../label-info.ts';
import { compoundLabels, labelsInSummary } from './place.ts';

const samples = '../shared/data/samples/';
const present = existsSync(samples);
const documents = ['testWORD.doc', 'testEXCEL.xls', 'testPPT.ppt', 'testVISIO.vsd'].map(
  (name) => `plaintext/${name}`,
);
const protectedDocument = 'office-irm/testWORD_protected_drm.doc';
const load = (name: string): ByteSource => memorySource(new Uint8Array(readFileSync(samples + name)));

const label: NewLabel = {
  id: '10000000-0000-4000-8000-000000000001',
  siteId: '11111111-2222-3333-4444-555555555555',
  name: 'Vertraulich – 東京',
  method: 'Privileged',
  setDate: new Date('2024-05-06T07:08:09Z'),
  contentBits: 8,
};
const other: NewLabel = { ...label, id: '20000000-0000-4000-8000-000000000002', name: 'Public' };
const summary = '\x05DocumentSummaryInformation';
const labelInfo = '\x06DataSpaces/TransformInfo/LabelInfo';

const bytesOf = async (source: ByteSource): Promise<Uint8Array> =>
  (await source.read(0, source.size as number)).slice();

/** Everything in a compound file but times of the root: path, facts, content. */
async function contents(source: ByteSource): Promise<Map<string, string>> {
  const file = await readCompoundFile(source);
  const found = new Map<string, string>();
  const visit = async (entry: CompoundEntry, path: string): Promise<void> => {
    const facts = [
      entry.kind,
      Buffer.from(entry.classId).toString('hex'),
      entry.stateBits,
      entry.created,
      entry.modified,
    ];
    if (entry.kind === 'stream') {
      const bytes = await file.read(entry, entry.size);
      found.set(path, [...facts, Buffer.from(bytes).toString('base64')].join());
    } else {
      found.set(path, facts.join());
      for (const inside of entry.entries)
        await visit(inside, path === '' ? inside.name : `${path}/${inside.name}`);
    }
  };
  await visit(file.root satisfies CompoundStorage, '');
  return found;
}

/** Paths at which two compound files differ. */
async function differences(before: ByteSource, after: ByteSource): Promise<string[]> {
  const [one, two] = [await contents(before), await contents(after)];
  return [...new Set([...one.keys(), ...two.keys()])].filter((path) => one.get(path) !== two.get(path));
}

async function summaryOf(source: ByteSource): Promise<Uint8Array> {
  const file = await opened(source);
  const stream = file.find(summary);
  if (stream?.kind !== 'stream') throw new Error('no summary');
  return file.read(stream, 1e6);
}

const opened = (source: ByteSource): Promise<CompoundFile> => readCompoundFile(source);

describe.skipIf(!present)('labels of real compound files (skipped without ../shared/data)', () => {
  it('are none where no one put any', async () => {
    for (const name of [...documents, protectedDocument, 'plaintext/testMSG.msg']) {
      const stated = await compoundLabels.read(load(name));
      expect(stated, name).toEqual({ labelInfo: undefined, properties: [] });
    }
  });

  it('are set, changed and removed, and nothing but the summary changes', async () => {
    for (const name of documents) {
      const original = load(name);
      const labelled = await compoundLabels.change(original, { set: label });
      expect(await differences(original, labelled), name).toEqual([summary]);
      const stated = await compoundLabels.read(labelled);
      expect(stated.labelInfo).toBeUndefined();
      expect(stated.properties).toMatchObject([
        {
          id: label.id,
          siteId: label.siteId,
          name: label.name,
          enabled: true,
          method: 'Privileged',
          contentBits: 8,
        },
      ]);

      const changed = await compoundLabels.change(memorySource(await bytesOf(labelled)), { set: other });
      expect((await compoundLabels.read(changed)).properties.map(({ id }) => id)).toEqual([other.id]);
      const bare = await compoundLabels.change(changed, { remove: 'all' });
      expect((await compoundLabels.read(bare)).properties).toEqual([]);
      expect(userProperties(await summaryOf(bare))).toEqual(userProperties(await summaryOf(original)));
    }
  });

  it('go to both places of a protected file that has none, and need no key', async () => {
    const original = load(protectedDocument);
    const labelled = await compoundLabels.change(original, { set: label });
    expect((await differences(original, labelled)).sort()).toEqual([summary, labelInfo].sort());
    const stated = await compoundLabels.read(labelled);
    expect(readLabelInfo(stated.labelInfo as Uint8Array)).toMatchObject([{ id: label.id, enabled: true }]);
    expect(stated.properties).toMatchObject([{ id: label.id, name: label.name }]);

    const bare = await compoundLabels.change(labelled, { remove: label.id });
    const after = await compoundLabels.read(bare);
    expect(after.properties).toEqual([]);
    expect(readLabelInfo(after.labelInfo as Uint8Array)).toMatchObject([
      { removed: true, siteId: label.siteId },
    ]);
  });

  it('stay where the protected file keeps them', async () => {
    const file = await opened(load(protectedDocument));
    const info = changeLabelInfo(undefined, { set: label });
    const withInfo = rewriteCompoundFile(file, new Map([[labelInfo, info]]));
    const { id, siteId } = other;
    const changed = await compoundLabels.change(withInfo, { set: { id, siteId } });
    expect(await differences(withInfo, changed)).toEqual([labelInfo]);

    const both = await compoundLabels.change(load(protectedDocument), { set: label });
    const withProperties = rewriteCompoundFile(await opened(both), new Map([[labelInfo, undefined]]));
    const again = await compoundLabels.change(withProperties, { set: other });
    expect(await differences(withProperties, again)).toEqual([summary]);
    expect((await compoundLabels.read(again)).properties.map(({ id }) => id)).toEqual([other.id]);
  });

  it('give the same source where there is nothing to change', async () => {
    for (const name of [...documents, protectedDocument]) {
      const original = load(name);
      expect(await compoundLabels.change(original, { remove: 'all' })).toBe(original);
    }
  });

  it('are refused with a reason where they have no place', async () => {
    for (const [name, reason] of [['negatives/testWORD_protected_passtika.docx', /password/]] as const)
      await expect(compoundLabels.change(load(name), { set: label }), name).rejects.toMatchObject({
        code: 'UNSUPPORTED_FORMAT',
        message: expect.stringMatching(reason),
      });
  });

  it('that are damaged are none to a reader, and an error to a writer', async () => {
    const file = await opened(load(documents[0] as string));
    const damaged = rewriteCompoundFile(file, new Map([[summary, encodeUtf8('not a property set')]]));
    expect(await compoundLabels.read(damaged)).toEqual({ labelInfo: undefined, properties: [] });
    await expect(compoundLabels.change(damaged, { set: label })).rejects.toBeInstanceOf(SealwrightError);
    expect(labelsInSummary(encodeUtf8('neither'))).toEqual([]);
  });
});

const python = '/usr/bin/python3';
const office = ['/usr/bin/soffice', '/usr/local/bin/soffice'].find((path) => existsSync(path));
function hasOlefile(): boolean {
  try {
    execFileSync(python, ['-c', 'import olefile'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

/** Values of the user-defined section, by olefile: it reads the first section, and is told that this is it. */
const script = `
import json, io, olefile, struct, sys
file = olefile.OleFileIO(sys.argv[1])
assert not file.parsing_issues, file.parsing_issues
stream = bytearray(file.openstream('\\x05DocumentSummaryInformation').read())
before = file.getproperties('\\x05DocumentSummaryInformation')
assert before[1] == struct.unpack_from('<h', stream, struct.unpack_from('<I', stream, 44)[0] + struct.unpack_from('<I', stream, struct.unpack_from('<I', stream, 44)[0] + 12)[0] + 4)[0]
stream[44:48] = stream[64:68]
file.openstream = lambda name: io.BytesIO(bytes(stream))
values = file.getproperties('\\x05DocumentSummaryInformation')
print(json.dumps([v.decode('cp1252') for v in values.values() if isinstance(v, bytes)]))`;

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'labels-'));
  try {
    await test(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('labels of a compound file, read by others', () => {
  const western = { ...label, name: 'Wörk' };

  it.skipIf(!present || !hasOlefile())(
    'have the values they were given (olefile; skipped without it)',
    { timeout: 30_000 },
    () =>
      withFolder(async (folder) => {
        const path = join(folder, 'labelled');
        for (const name of [...documents, protectedDocument]) {
          writeFileSync(path, await bytesOf(await compoundLabels.change(load(name), { set: western })));
          const values = JSON.parse(
            execFileSync(python, ['-c', script, path], { encoding: 'utf8' }),
          ) as string[];
          expect(values, name).toEqual(
            expect.arrayContaining(['true', 'Wörk', label.siteId, '8', 'Privileged']),
          );
        }
      }),
  );

  it.skipIf(!present || office === undefined)(
    'have their names and values, and the document opens (LibreOffice; skipped without it)',
    { timeout: 120_000 },
    () =>
      withFolder(async (folder) => {
        const path = join(folder, 'labelled.doc');
        writeFileSync(
          path,
          await bytesOf(await compoundLabels.change(load('plaintext/testWORD.doc'), { set: western })),
        );
        execFileSync(
          office as string,
          [
            `-env:UserInstallation=file://${folder}/profile`,
            '--headless',
            '--convert-to',
            'fodt',
            '--outdir',
            folder,
            path,
          ],
          { stdio: 'pipe' },
        );
        const text = readFileSync(join(folder, 'labelled.fodt'), 'utf8');
        const properties = [...text.matchAll(/<meta:user-defined meta:name="([^"]*)"[^>]*>([^<]*)</g)];
        const found = Object.fromEntries(properties.map(([, name, value]) => [name, value]));
        expect(found).toMatchObject({
          [`MSIP_Label_${label.id}_Enabled`]: 'true',
          [`MSIP_Label_${label.id}_Name`]: 'Wörk',
          [`MSIP_Label_${label.id}_SiteId`]: label.siteId,
          [`MSIP_Label_${label.id}_ContentBits`]: '8',
        });
      }),
  );
});
