import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../src/bytes/index.ts';
import type { CompoundStorage } from '../../../src/container/compound-file/compound-file.ts';
import { readCompoundFile } from '../../../src/container/compound-file/read.ts';
import { rewriteCompoundFile } from '../../../src/container/compound-file/rewrite.ts';
import { checkCompoundFile } from './check-compound-file.ts';
import { contentFor } from './random-tree.ts';

const samples = '../shared/data/samples/';
/** Cut in the middle of a stream. */
const damaged = 'negatives/protect.xlsx';
const isCompoundFile = (path: string): boolean =>
  readFileSync(path).subarray(0, 8).equals(Buffer.from('d0cf11e0a1b11ae1', 'hex'));
const files = existsSync(samples)
  ? ['plaintext', 'office-irm', 'negatives', 'xps-encrypted-package'].flatMap((folder) =>
      readdirSync(samples + folder)
        .map((name) => `${folder}/${name}`)
        .filter((file) => file !== damaged && isCompoundFile(samples + file)),
    )
  : [];

/** Class id, state bits and times of every storage, by path; the format wants none of creation for the root. */
function storagesOf(storage: CompoundStorage, path = ''): Map<string, unknown> {
  const { classId, stateBits, created, modified } = storage;
  const found = new Map<string, unknown>([
    [path, { classId: [...classId], stateBits, modified, created: path === '' ? 0n : created }],
  ]);
  for (const entry of storage.entries)
    if (entry.kind === 'storage')
      for (const [inner, facts] of storagesOf(entry, `${path}/${entry.name}`)) found.set(inner, facts);
  return found;
}

async function streamsOf(bytes: Uint8Array): Promise<Map<string, Buffer>> {
  const { streams } = await checkCompoundFile(bytes);
  const found = new Map<string, Buffer>();
  for (const stream of streams) found.set(stream.path.join('/'), Buffer.from(await stream.read()));
  return found;
}

describe.skipIf(files.length === 0)('a file of another writer that is rewritten', () => {
  const added = new Map([
    ['\x05DocumentSummaryInformation', contentFor('summary', 5000)],
    ['New storage/Inside', contentFor('inside', 77)],
  ]);

  it.each(files)('%s keeps everything but what was changed, and every rule', async (name) => {
    const before = new Uint8Array(readFileSync(samples + name));
    const file = await readCompoundFile(memorySource(before));
    const source = rewriteCompoundFile(file, added);
    const after = (await source.read(0, source.size as number)).slice();
    expect((await checkCompoundFile(after)).problems).toEqual([]);

    const expected = await streamsOf(before);
    for (const [path, content] of added) expected.set(path, Buffer.from(content));
    const found = await streamsOf(after);
    expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [path, content] of found) expect(expected.get(path)?.equals(content)).toBe(true);

    const read = await readCompoundFile(memorySource(after));
    const storages = storagesOf(read.root);
    storages.delete('/New storage');
    expect(storages).toEqual(storagesOf(file.root));

    const undone = new Map<string, undefined>([['New storage', undefined]]);
    for (const path of added.keys()) if (!(await streamsOf(before)).has(path)) undone.set(path, undefined);
    const back = rewriteCompoundFile(read, undone);
    const backBytes = (await back.read(0, back.size as number)).slice();
    expect([...(await streamsOf(backBytes)).keys()].sort()).toEqual(
      [...(await streamsOf(before)).keys()].sort(),
    );
  });
});
