import { describe, expect, it } from 'vitest';
import type { FileStorage } from '../../../src/node/bulk/storage/file-storage.ts';

const bytesOf = (length: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 31 + seed * 7 + (at >> 8)) & 0xff);

async function put(storage: FileStorage, path: string, bytes: Uint8Array, options = {}): Promise<number> {
  return storage.write(
    path,
    async (sink) => {
      for (let at = 0; at < bytes.length; at += 1_000_000)
        await sink.write(bytes.subarray(at, at + 1_000_000));
      return bytes.length;
    },
    options,
  );
}

async function get(storage: FileStorage, path: string): Promise<Uint8Array> {
  const source = await storage.open(path);
  try {
    return new Uint8Array(await source.read(0, source.size));
  } finally {
    await source.close();
  }
}

async function pathsIn(storage: FileStorage, prefix: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of storage.list(prefix)) paths.push(path);
  return paths.sort();
}

/** What every storage of files must do (spec/bulk.md, "Storage"). */
export function describeFileStorage(name: string, create: () => Promise<FileStorage>): void {
  describe(`${name} as a storage of files`, () => {
    it('gives back what was written, at any size and any offset', async () => {
      const storage = await create();
      for (const size of [0, 1, 65_536, 9_000_001, 17_000_000]) {
        const bytes = bytesOf(size, size);
        expect(await put(storage, `sizes/${size}.bin`, bytes)).toBe(size);
        const source = await storage.open(`sizes/${size}.bin`);
        expect(source.size).toBe(size);
        const middle = Math.floor(size / 2);
        expect(new Uint8Array(await source.read(middle, 1000))).toEqual(
          bytes.subarray(middle, middle + 1000),
        );
        expect((await source.read(size, 10)).length).toBe(0);
        const slice = source.slice(middle, 10);
        expect(new Uint8Array(await slice.read(2, 100))).toEqual(
          bytes.subarray(middle + 2, Math.min(size, middle + 10)),
        );
        await source.close();
      }
    });

    it('lists what is below a prefix with sizes and times, whatever the names', async () => {
      const storage = await create();
      const names = [
        'names/a b+c&d%20.txt',
        'names/ü 日本語 😀.txt',
        'names/quote\'"<>.txt',
        'names/sub/deep.txt',
      ];
      for (const path of [...names, 'other/x.txt']) await put(storage, path, bytesOf(3));
      expect(await pathsIn(storage, 'names/')).toEqual([...names].sort());
      for await (const file of storage.list('other/')) {
        expect(file.size).toBe(3);
        expect(Math.abs(file.modifiedAt.getTime() - Date.now())).toBeLessThan(120_000);
      }
      for (const path of names) expect(await get(storage, path)).toEqual(bytesOf(3));
    });

    it('lists more than a page of files', async () => {
      const storage = await create();
      for (let number = 0; number < 1100; number += 50)
        await Promise.all(
          Array.from({ length: 50 }, (_, at) => put(storage, `many/${number + at}.txt`, bytesOf(1))),
        );
      expect((await pathsIn(storage, 'many/')).length).toBe(1100);
    });

    it('replaces nothing unless told', async () => {
      const storage = await create();
      await put(storage, 'kept.bin', bytesOf(10));
      await expect(put(storage, 'kept.bin', bytesOf(11))).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
      expect(await get(storage, 'kept.bin')).toEqual(bytesOf(10));
      await put(storage, 'kept.bin', bytesOf(12), { overwrite: true });
      expect((await get(storage, 'kept.bin')).length).toBe(12);
    });

    it('replaces what was read only if it is still that', async () => {
      const storage = await create();
      await put(storage, 'one.bin', bytesOf(10));
      const read = await storage.open('one.bin');
      await put(storage, 'one.bin', bytesOf(20), { replaces: read });
      expect((await get(storage, 'one.bin')).length).toBe(20);
      await expect(put(storage, 'one.bin', bytesOf(30), { replaces: read })).rejects.toMatchObject({
        code: 'IO_FAILED',
      });
      expect((await get(storage, 'one.bin')).length).toBe(20);
    });

    it('leaves nothing of a write that fails, small or large', async () => {
      const storage = await create();
      for (const size of [10, 20_000_000]) {
        const failing = storage.write(`failed/${size}.bin`, async (sink) => {
          for (let at = 0; at < size; at += 1_000_000) await sink.write(bytesOf(Math.min(size, 1_000_000)));
          throw new Error('the source broke');
        });
        await expect(failing).rejects.toThrow('the source broke');
      }
      expect(await pathsIn(storage, 'failed/')).toEqual([]);
    });

    it('notices that a file is replaced while it is read', async () => {
      const storage = await create();
      await put(storage, 'changing.bin', bytesOf(1000));
      const source = await storage.open('changing.bin');
      await put(storage, 'changing.bin', bytesOf(1000, 2), { overwrite: true });
      await expect((async () => source.read(0, 100))()).rejects.toMatchObject({ code: 'IO_FAILED' });
    });

    it('removes what was read, and nothing that took its place', async () => {
      const storage = await create();
      await put(storage, 'gone.bin', bytesOf(10));
      const read = await storage.open('gone.bin');
      await put(storage, 'gone.bin', bytesOf(11), { overwrite: true });
      await expect(storage.remove(read)).rejects.toMatchObject({ code: 'IO_FAILED' });
      await storage.remove(await storage.open('gone.bin'));
      await expect(storage.open('gone.bin')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    });
  });
}
