import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../../spec/conformance/storage/memory-storage.ts';
import type { ListFilesOptions } from '../selection/list-files.ts';
import { listStoredFiles } from './list-stored-files.ts';

async function storageWith(...paths: readonly string[]) {
  const storage = memoryStorage();
  for (const path of paths)
    await storage.write(path, async (sink) => {
      await sink.write(new Uint8Array(path.length));
      return path.length;
    });
  return storage;
}

/** `+` before what is taken, the reason before what is not. */
async function listing(
  storage: Awaited<ReturnType<typeof storageWith>>,
  inputs: readonly string[],
  options: Partial<ListFilesOptions> = {},
): Promise<string[]> {
  const lines: string[] = [];
  for await (const { file, outcome } of listStoredFiles(storage, inputs, { leaveOut: true, ...options }))
    lines.push(
      file === undefined ? `${outcome.reason} ${outcome.path}` : `+ ${file.path} ${file.relativePath}`,
    );
  return lines;
}

describe('listStoredFiles', () => {
  it('takes a folder with or without its slash, and nothing that only begins alike', async () => {
    const storage = await storageWith('a/x.txt', 'a/b/y.txt', 'ab/z.txt', 'a.txt');
    const expected = ['+ a/b/y.txt b/y.txt', '+ a/x.txt x.txt'];
    expect(await listing(storage, ['a'])).toEqual(expected);
    expect(await listing(storage, ['a/'])).toEqual(expected);
    expect(await listing(storage, [''])).toHaveLength(4);
  });

  it('gives each file once where inputs overlap, and takes what was named itself whatever it is', async () => {
    const storage = await storageWith('a/b/tool.exe', 'a/x.txt');
    expect(await listing(storage, ['a/b/tool.exe', 'a', 'a/b'])).toEqual([
      '+ a/b/tool.exe tool.exe',
      '+ a/x.txt x.txt',
    ]);
  });

  it('leaves out what is never taken, what goes to its own output, and what the filters leave out', async () => {
    const storage = await storageWith(
      'a/tool.exe',
      'a/keep/k.txt',
      'a/out/o.txt',
      'a/old/deep/e.txt',
      'a/long name.txt',
    );
    const options = { keepOut: ['a/keep'], out: 'a/out', selection: { exclude: ['old'], minSize: 12 } };
    expect(await listing(storage, ['a'], options)).toEqual([
      'own-file a/keep/k.txt',
      '+ a/long name.txt long name.txt',
      'not-selected a/old/deep/e.txt',
      'own-file a/out/o.txt',
      'excluded a/tool.exe',
    ]);
  });

  it('says that a storage knows no owners', async () => {
    const storage = await storageWith('a/x.txt');
    await expect(async () =>
      listing(storage, ['a'], { selection: { owners: ['alice'] } }),
    ).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});
