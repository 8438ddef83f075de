import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryName } from './temporary-name.ts';
import { type FolderEntry, walkFolder } from './walk-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealwright-walk-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(...names: string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), '');
  }
}
async function walked(root = folder): Promise<FolderEntry[]> {
  const entries: FolderEntry[] = [];
  for await (const entry of walkFolder(root)) entries.push(entry);
  return entries;
}
const file = (relativePath: string): FolderEntry => ({
  kind: 'file',
  path: join(folder, relativePath),
  relativePath,
});

describe('Walking a folder', () => {
  it('gives every file below it, in the order of the names, whatever the disk says', async () => {
    put('b.txt', 'a/2.txt', 'a/1.txt', 'a/deep/er/x', 'Z.txt', 'c/1', '.hidden');
    const order = ['.hidden', 'Z.txt', 'a/1.txt', 'a/2.txt', 'a/deep/er/x', 'b.txt', 'c/1'];
    expect(await walked()).toEqual(order.map(file));
  });

  it('passes over our own temporary files', async () => {
    put('a.txt', temporaryName('a.txt'));
    expect(await walked()).toEqual([file('a.txt')]);
  });

  it('reports links and special files, and follows none', async () => {
    put('a.txt');
    symlinkSync('.', join(folder, 'loop'));
    symlinkSync('a.txt', join(folder, 'link'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(await walked()).toEqual([
      file('a.txt'),
      { kind: 'skipped', path: join(folder, 'link'), why: 'symbolic-link' },
      { kind: 'skipped', path: join(folder, 'loop'), why: 'symbolic-link' },
      { kind: 'skipped', path: join(folder, 'pipe'), why: 'special-file' },
    ]);
  });

  it('reports a folder that is missing', async () => {
    const path = join(folder, 'missing');
    expect(await walked(path)).toEqual([
      { kind: 'failed', path, error: expect.objectContaining({ code: 'FILE_NOT_FOUND' }) },
    ]);
  });

  it('stops with the reason of the signal', async () => {
    put('a.txt', 'b.txt');
    const stop = new AbortController();
    const walk = walkFolder(folder, stop);
    expect((await walk.next()).value).toEqual(file('a.txt'));
    stop.abort(new Error('enough'));
    await expect(walk.next()).rejects.toThrow('enough');
  });

  it.skipIf(process.geteuid?.() === 0)(
    'reports a folder one may not list and goes on (not run by root, who may)',
    async () => {
      put('a/1', 'b/1');
      mkdirSync(join(folder, 'ab'), { mode: 0 });
      const entries = await walked();
      expect(entries.map(({ kind }) => kind)).toEqual(['file', 'failed', 'file']);
    },
  );
});
