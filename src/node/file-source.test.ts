import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFileSource } from './file-source.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealwright-source-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string, content: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

// Small files are read with blocking calls, others in the background.
describe.each([100_000, 400_000])('A file of %i bytes as a source of bytes', (size) => {
  const content = Uint8Array.from({ length: size }, (_, i) => (i * 7) ^ (i >> 8));
  const sample = (name: string): Promise<string> => fileOf(`${name}-${size}`, content);

  it('gives any range, cut at the end of the file', async () => {
    const source = await openFileSource(await sample('ranges'));
    expect(source.size).toBe(size);
    expect(await source.read(10, 20)).toEqual(content.subarray(10, 30));
    expect(await source.read(size - 10, 50)).toEqual(content.subarray(size - 10));
    expect(await source.read(2 * size, 50)).toHaveLength(0);
    const target = new Uint8Array(1000);
    expect(await source.readInto(size - 500, target)).toBe(500);
    expect(target.subarray(0, 500)).toEqual(content.subarray(size - 500));
    expect(await source.slice(1000, 10).read(5, 100)).toEqual(content.subarray(1005, 1010));
    await source.close();
  });

  it('answers overlapping reads each with its own bytes', async () => {
    const source = await openFileSource(await sample('overlapping'));
    const offsets = Array.from({ length: 50 }, (_, i) => i * 1999);
    const parts = await Promise.all(offsets.map((offset) => source.read(offset, 1999)));
    for (const [i, part] of parts.entries())
      expect(same(part, content.subarray(i * 1999, (i + 1) * 1999))).toBe(true);
    await source.close();
  });

  it('lets reads that are under way end before it closes', async () => {
    const source = await openFileSource(await sample('closing'));
    const reading = source.read(0, size);
    await Promise.all([source.close(), source.close()]);
    expect(same(await reading, content)).toBe(true);
    await expect(async () => source.read(0, 1)).rejects.toMatchObject({ code: 'IO_FAILED' });
  });

  it('notices that the file was cut while it was read', async () => {
    const path = await sample('cut');
    const source = await openFileSource(path);
    await truncate(path, 50_000);
    await expect(async () => source.read(49_000, 2000)).rejects.toMatchObject({
      code: 'IO_FAILED',
      message: expect.stringContaining('was changed while it was read'),
    });
    expect(() => source.assertUnchanged()).toThrow(expect.objectContaining({ code: 'IO_FAILED' }));
    await source.close();
  });

  it('stops with the reason of the signal', async () => {
    const source = await openFileSource(await sample('aborted'));
    const stop = new AbortController();
    const { signal } = stop;
    const reading = source.read(0, 1000, { signal });
    stop.abort(new Error('enough'));
    if (reading instanceof Promise) await expect(reading).rejects.toThrow('enough');
    await expect(async () => source.read(0, 1000, { signal })).rejects.toThrow('enough');
    await source.close();
  });
});

describe('Opening a file as a source', () => {
  const sample = (name: string): Promise<string> => fileOf(name, new Uint8Array(1000).fill(7));

  it('follows a symbolic link', async () => {
    const link = join(folder, 'link');
    await symlink(await sample('linked'), link);
    const source = await openFileSource(link);
    expect(await source.read(0, 1)).toEqual(Uint8Array.of(7));
    await source.close();
  });

  it('notices later that the file grew', async () => {
    const path = await sample('grown');
    const source = await openFileSource(path);
    source.assertUnchanged();
    await appendFile(path, 'x');
    expect(() => source.assertUnchanged()).toThrow(
      expect.objectContaining({ code: 'IO_FAILED', details: { path } }),
    );
    await source.close();
  });

  it('says that a missing file is missing', async () => {
    const path = join(folder, 'missing.txt');
    await expect(openFileSource(path)).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: `${path} does not exist: check the name and the folder.`,
      details: { path },
    });
    await expect(openFileSource(join(await sample('file'), 'below'))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });

  it('refuses a folder, a device and, without waiting for its writer, a pipe', async () => {
    const below = join(folder, 'folder');
    await mkdir(below);
    await expect(openFileSource(below)).rejects.toMatchObject({
      code: 'NOT_A_FILE',
      message: `${below} is a folder: name the files in it.`,
    });
    await expect(openFileSource('/dev/null')).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(openFileSource(pipe)).rejects.toMatchObject({ code: 'NOT_A_FILE' });
  });

  it('explains a symbolic link that leads in a circle', async () => {
    const path = join(folder, 'circle');
    await symlink(path, path);
    await expect(openFileSource(path)).rejects.toMatchObject({ code: 'IO_FAILED', details: { path } });
  });
});

describe.skipIf(process.geteuid?.() === 0)('A file one may not read (not run by root, who may)', () => {
  it('is refused with a sentence about the permission', async () => {
    const path = join(folder, 'secret');
    await writeFile(path, 'x', { mode: 0 });
    await expect(openFileSource(path)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });
});
