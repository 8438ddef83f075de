import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderLicenseStore } from './folder-license-store.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const at = (minutes: number): Date => new Date(Date.UTC(2026, 4, 4, 10, minutes));
const asRoot = process.getuid?.() === 0;

let directory: string;
let licenses: string;
let clock: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'sealwright-kept-')), 'store');
  licenses = join(directory, 'licenses');
  clock = join(directory, 'clock');
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

const filesIn = (folder: string): string[] => readdirSync(folder).map((name) => join(folder, name));
const onlyFile = (): string => filesIn(licenses)[0] as string;

describe('folderLicenseStore', () => {
  it('keeps entries for whoever opens the folder next, also under a key of the caller', async () => {
    for (const options of [{}, { key: randomBytes(32) }]) {
      const store = await folderLicenseStore(directory, options);
      await store.set('a', bytes('one'), { group: 'g', expires: at(1) });
      await store.set('a', bytes('two'));
      const next = await folderLicenseStore(directory, options);
      expect(await next.get('a')).toEqual(bytes('two'));
      expect(await next.get('b')).toBeUndefined();
      await next.delete('a');
      await next.delete('a');
      expect(await store.get('a')).toBeUndefined();
    }
  });

  it('writes neither keys, groups, entries nor times in the clear, and nothing twice alike', async () => {
    const store = await folderLicenseStore(directory);
    const secrets = ['zephyr-key', 'zephyr-group', 'zephyr-entry'] as const;
    await store.set(secrets[0], bytes(secrets[2]), { group: secrets[1], expires: at(5) });
    const first = readFileSync(onlyFile());
    await store.set(secrets[0], bytes(secrets[2]), { group: secrets[1], expires: at(5) });
    expect(readFileSync(onlyFile()).equals(first)).toBe(false);
    await store.noteTime(at(5));
    const time = Buffer.alloc(8);
    time.writeDoubleLE(at(5).getTime());
    const files = [...filesIn(licenses), ...filesIn(clock)];
    expect(files).toHaveLength(2);
    for (const file of files) {
      const content = readFileSync(file);
      for (const secret of secrets) {
        expect(file).not.toContain(secret);
        expect(content.includes(secret)).toBe(false);
      }
      expect(content.includes(time)).toBe(false);
    }
  });

  it.skipIf(process.platform === 'win32')('lets nobody else into folder and files', async () => {
    const store = await folderLicenseStore(directory);
    await store.set('a', bytes('one'));
    await store.noteTime(at(0));
    for (const folder of [directory, licenses, clock]) expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const file of [join(directory, 'cache.key'), ...filesIn(licenses), ...filesIn(clock)])
      expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.skipIf(process.platform === 'win32')('refuses a folder or key that others can use', async () => {
    await folderLicenseStore(directory);
    for (const [path, mode, repaired] of [
      [join(directory, 'cache.key'), 0o640, 0o600],
      [licenses, 0o701, 0o700],
      [directory, 0o750, 0o700],
    ] as const) {
      chmodSync(path, mode);
      await expect(folderLicenseStore(directory)).rejects.toMatchObject({
        code: 'PERMISSION_DENIED',
        details: { path },
      });
      chmodSync(path, repaired);
    }
    await folderLicenseStore(directory);
  });

  it('refuses a folder that is a link, a damaged key file and a key of another length', async () => {
    mkdirSync(directory, { mode: 0o700 });
    const link = join(directory, '..', 'link');
    symlinkSync(directory, link);
    await expect(folderLicenseStore(link)).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    writeFileSync(join(directory, 'cache.key'), 'bm90IDMyIGJ5dGVz\n', { mode: 0o600 });
    await expect(folderLicenseStore(directory)).rejects.toMatchObject({ code: 'MALFORMED_KEY' });
    rmSync(join(directory, 'cache.key'));
    symlinkSync('/dev/zero', join(directory, 'cache.key'));
    await expect(folderLicenseStore(directory)).rejects.toMatchObject({ code: 'MALFORMED_KEY' });
    for (const options of [{ key: randomBytes(16) }, { maximumEntries: 0 }, { maximumBytes: 0.5 }])
      await expect(folderLicenseStore(directory, options)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
  });

  it('takes an entry that was changed anywhere, cut or moved for none, and deletes it', async () => {
    const store = await folderLicenseStore(directory);
    await store.set('a', bytes('one'));
    const file = onlyFile();
    const good = readFileSync(file);
    const damages = [
      Buffer.alloc(0),
      good.subarray(0, 4),
      good.subarray(0, -1),
      Buffer.concat([good, Buffer.alloc(1)]),
      Buffer.alloc(2 * 2 ** 20),
      ...Array.from(good, (byte, i) => {
        const changed = Buffer.from(good);
        changed[i] = byte ^ 1;
        return changed;
      }),
    ];
    for (const damaged of damages) {
      writeFileSync(file, damaged);
      expect(await store.get('a')).toBeUndefined();
      expect(existsSync(file)).toBe(false);
    }
    await store.set('b', bytes('two'));
    renameSync(onlyFile(), file);
    expect(await store.get('a')).toBeUndefined();
    expect(filesIn(licenses)).toEqual([]);
  });

  it('does not follow links, and leaves what they lead to alone', async () => {
    const store = await folderLicenseStore(directory);
    await store.set('a', bytes('one'));
    const file = onlyFile();
    const target = join(directory, 'target');
    renameSync(file, target);
    symlinkSync(target, file);
    expect(await store.get('a')).toBeUndefined();
    expect(existsSync(file)).toBe(false);
    const before = readFileSync(target);
    symlinkSync(target, file);
    await store.set('a', bytes('two'));
    expect(readFileSync(target)).toEqual(before);
    expect(await store.get('a')).toEqual(bytes('two'));
  });

  it('leaves files alone that are not of its making, and a folder in the place of an entry', async () => {
    const store = await folderLicenseStore(directory);
    writeFileSync(join(licenses, 'notes.txt'), 'mine');
    await store.set('a', bytes('one'));
    const file = filesIn(licenses).find((each) => !each.endsWith('.txt')) as string;
    rmSync(file);
    mkdirSync(file);
    expect(await store.get('a')).toBeUndefined();
    await store.purge(at(0));
    expect(existsSync(join(licenses, 'notes.txt'))).toBe(true);
    rmSync(file, { recursive: true });
    await store.clear();
    expect(readdirSync(licenses)).toEqual(['notes.txt']);
  });

  it('throws away what was not used for longest, by number and by bytes', async () => {
    const byNumber = await folderLicenseStore(directory, { maximumEntries: 3 });
    for (const key of ['a', 'b', 'c']) await byNumber.set(key, bytes(key));
    await new Promise((settled) => setTimeout(settled, 10));
    await byNumber.get('a');
    await byNumber.set('d', bytes('d'));
    expect(await byNumber.get('a')).toEqual(bytes('a'));
    expect(readdirSync(licenses)).toHaveLength(3);
    await byNumber.clear();
    const byBytes = await folderLicenseStore(directory, { maximumBytes: 10_000 });
    for (let i = 0; i < 20; i++) await byBytes.set(String(i), new Uint8Array(1000));
    const total = filesIn(licenses).reduce((sum, file) => sum + statSync(file).size, 0);
    expect(total).toBeLessThanOrEqual(10_000);
    expect(await byBytes.get('19')).toBeDefined();
    await expect(byBytes.set('x', new Uint8Array(2 ** 20 + 1))).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });

  it('deletes what has ended, and what belongs to a group', async () => {
    const store = await folderLicenseStore(directory);
    await store.set('ended', bytes('1'), { expires: at(1) });
    await store.set('later', bytes('2'), { expires: at(2), group: 'g' });
    await store.set('endless', bytes('3'), { group: 'h' });
    await store.purge(at(1));
    expect(await store.get('ended')).toBeUndefined();
    await store.deleteGroup('g');
    expect(await store.get('later')).toBeUndefined();
    expect(await store.get('endless')).toEqual(bytes('3'));
  });

  it('remembers the latest time for every process, and never a step back', async () => {
    const [one, other] = [await folderLicenseStore(directory), await folderLicenseStore(directory)];
    expect(await one.latestTime()).toBeUndefined();
    await one.noteTime(at(10));
    expect(await other.latestTime()).toEqual(at(10));
    await other.noteTime(at(5));
    await other.noteTime(at(10.5));
    expect(await one.latestTime()).toEqual(at(10));
    await other.noteTime(at(20));
    await one.noteTime(at(15));
    expect(await one.latestTime()).toEqual(at(20));
    expect(readdirSync(clock)).toHaveLength(1);
    await one.clear();
    expect(await other.latestTime()).toBeUndefined();
  });

  it('never shows less than a time that was noted before, with many writers at once', async () => {
    const stores = await Promise.all(Array.from({ length: 4 }, () => folderLicenseStore(directory)));
    let noted = 0;
    let minutes = 0;
    await Promise.all(
      stores.map(async (store) => {
        for (let turn = 0; turn < 15; turn++) {
          minutes += 2;
          const mine = minutes;
          await store.noteTime(at(mine));
          noted = Math.max(noted, mine);
          const before = noted;
          const seen = await store.latestTime();
          expect(seen?.getTime()).toBeGreaterThanOrEqual(at(before).getTime());
        }
      }),
    );
    expect(readdirSync(clock).length).toBeLessThanOrEqual(4);
  });

  it('throws away damaged times and takes the latest of the others', async () => {
    const store = await folderLicenseStore(directory);
    await store.noteTime(at(10));
    writeFileSync(join(clock, 'ab'.repeat(16)), 'nonsense');
    symlinkSync('/dev/zero', join(clock, 'cd'.repeat(16)));
    expect(await store.latestTime()).toEqual(at(10));
    expect(readdirSync(clock)).toHaveLength(1);
  });

  it('gives every one of several that start at once the same key', async () => {
    const stores = await Promise.all(Array.from({ length: 8 }, () => folderLicenseStore(directory)));
    await Promise.all(stores.map((store, i) => store.set(String(i), bytes(String(i)))));
    for (const store of stores)
      for (let i = 0; i < stores.length; i++) expect(await store.get(String(i))).toEqual(bytes(String(i)));
  });

  it('stands any mix of reads, writes and deletions at once', async () => {
    const stores = await Promise.all(
      Array.from({ length: 3 }, () => folderLicenseStore(directory, { maximumEntries: 5 })),
    );
    await Promise.all(
      stores.map(async (store, i) => {
        for (let turn = 0; turn < 30; turn++) {
          const key = String((turn * (i + 1)) % 7);
          await store.set(key, bytes(`entry ${key}`), { group: key });
          const read = await store.get(key);
          if (read !== undefined) expect(read).toEqual(bytes(`entry ${key}`));
          if (turn % 5 === 0) await store.deleteGroup(key);
          if (turn % 7 === 0) await store.purge(at(0));
        }
      }),
    );
    expect(readdirSync(licenses).filter((name) => !name.startsWith('.')).length).toBeLessThanOrEqual(7);
  });

  it.skipIf(asRoot || process.platform === 'win32')('says what failed when the disk refuses', async () => {
    const store = await folderLicenseStore(directory);
    chmodSync(licenses, 0o500);
    await expect(store.set('a', bytes('one'))).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    chmodSync(licenses, 0o700);
  });
});
