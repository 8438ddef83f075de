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

  it('leaves out folders as it is told, and never asks about what is in them', async () => {
    put('a/1', 'b/x/2', 'b/3', 'c');
    const asked: string[] = [];
    const skipFolder = (_: string, relativePath: string): boolean => {
      asked.push(relativePath);
      return relativePath === 'b';
    };
    const found: string[] = [];
    for await (const { path } of walkFolder(folder, { skipFolder })) found.push(path);
    expect(found).toEqual([join(folder, 'a/1'), join(folder, 'c')]);
    expect(asked).toEqual(['a', 'b']);
  });

  it.runIf(process.platform === 'linux')(
    'reports names that are no text, and never takes another file for them',
    async () => {
      put('a', 'x\ufffdy', 'z');
      const bytes = (...name: number[]) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)]);
      // Both would be read as the name that a file there has.
      writeFileSync(bytes(0x78, 0xff, 0x79), '');
      mkdirSync(bytes(0x78, 0xfe, 0x79));
      const found = await walked();
      expect(found.filter(({ kind }) => kind === 'file')).toEqual(['a', 'x\ufffdy', 'z'].map(file));
      const failed = found.filter((entry) => entry.kind === 'failed').map(({ error }) => error);
      expect(failed).toHaveLength(2);
      for (const error of failed) expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
      const messages = failed.map((error) => (error as Error).message).join();
      expect(messages).toContain('(its bytes are x\\xffy)');
      expect(messages).toContain('(its bytes are x\\xfey)');
      rmSync(bytes(0x78, 0xfe, 0x79), { recursive: true });
      rmSync(bytes(0x78, 0xff, 0x79));
    },
  );

  it.each([
    ['a line feed', 'a\nb'],
    ['quotes', `a"b'c`],
    ['a backslash', 'a\\b'],
    ['blanks at its ends', ' a '],
    ['an emoji', '\u{1f512}'],
    ['a decomposed letter', 'a\u0308'],
    ['a leading dash', '-rf'],
    ['a control character', 'a\u0007'],
  ])('gives a name with %s as it is', async (_, name) => {
    put(name);
    expect(await walked()).toEqual([file(name)]);
  });

  it.each([
    ['with a separator at the end', (path: string) => `${path}/`],
    ['with dots in it', (path: string) => `${path}/./a/..`],
  ])('names files as `join` would below a folder %s', async (_, named) => {
    put('a/1', 'b');
    const found = await walked(named(folder));
    expect(found).toEqual(
      ['a/1', 'b'].map((path) => ({ kind: 'file', path: join(named(folder), path), relativePath: path })),
    );
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
