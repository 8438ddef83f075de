import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { initAuthority, openAuthority } from '../../src/authority/folder/index.ts';
import type { Authority } from '../../src/authority/index.ts';
import { open, protect } from '../../src/index.ts';

const root = mkdtempSync(join(tmpdir(), 'sealwright-folder-'));
afterAll(() => rmSync(root, { recursive: true }));
let places = 0;
const newFolder = (): string => join(root, `authority-${places++}`);
const made = async (options?: Parameters<typeof initAuthority>[1]): Promise<string> => {
  const folder = newFolder();
  await (await initAuthority(folder, options)).close();
  return folder;
};
const modeOf = (path: string): number => statSync(path).mode & 0o777;
const works = async (authority: Authority): Promise<void> => {
  const content = Uint8Array.of(1, 2, 3);
  const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] };
  const file = await protect(content, { service: authority.as('alice@contoso.com'), policy });
  const opened = await open(await file.bytes(), { service: authority.as('bob@contoso.com') });
  expect(await opened.bytes()).toEqual(content);
  await authority.close();
};
const onPosix = it.skipIf(process.platform === 'win32');
const asUser = it.skipIf(process.platform === 'win32' || process.getuid?.() === 0);
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe('making an authority in a folder', () => {
  it('refuses a second one in the same folder and leaves the first as it was', async () => {
    const folder = newFolder();
    const first = await initAuthority(folder, { name: 'First' });
    const key = readFileSync(join(folder, 'authority.key'));
    await expect(initAuthority(folder, { name: 'Second' })).rejects.toMatchObject({
      code: 'AUTHORITY_EXISTS',
    });
    expect(readFileSync(join(folder, 'authority.key')).equals(key)).toBe(true);
    await works(first);
    const again = await openAuthority(folder);
    expect(again.facts).toMatchObject({ name: 'First', id: first.facts.id });
    await again.close();
  });

  it('gives it to one of several callers who ask at once; the others harm nothing', async () => {
    for (let round = 0; round < 3; round++) {
      const folder = newFolder();
      const results = await Promise.allSettled(
        [0, 1, 2].map((n) => initAuthority(folder, { name: `Caller ${n}` })),
      );
      const winners = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      expect(winners).toHaveLength(1);
      for (const each of results)
        if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'AUTHORITY_EXISTS' });
      const [winner] = winners as [Authority];
      await works(winner);
      const opened = await openAuthority(folder);
      expect(opened.facts).toEqual(winner.facts);
      await works(opened);
    }
  });

  onPosix('lets nobody but its owner read folder, key, secret and records', async () => {
    const folder = await made();
    expect(modeOf(folder)).toBe(0o700);
    for (const name of readdirSync(folder)) expect(modeOf(join(folder, name)), name).toBe(0o600);
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining(['authority.db', 'authority.key', 'authority.unlock']),
    );
    expect(readdirSync(await made({ passphrase: 'secret' }))).not.toContain('authority.unlock');
  });

  it('leaves nothing behind where it cannot be made', async () => {
    const file = join(root, 'a-file');
    writeFileSync(file, '');
    await expect(initAuthority(join(file, 'authority'))).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    await expect(initAuthority(newFolder(), { keyBits: 1024 as 2048 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  asUser('says that it may not write where it may not (skipped for root)', async () => {
    const folder = newFolder();
    mkdirSync(folder, { mode: 0o500 });
    await expect(initAuthority(join(folder, 'authority'))).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
  });

  it.each([3072, 4096] as const)('makes and uses a key of %i bits', { timeout: 120_000 }, async (keyBits) => {
    const folder = await made({ keyBits });
    const authority = await openAuthority(folder);
    expect(authority.facts.keyBits).toBe(keyBits);
    await works(authority);
  });
});

describe('opening an authority in a folder', () => {
  it('needs the passphrase it was made with', async () => {
    const folder = await made({ passphrase: 'correct horse' });
    for (const passphrase of [undefined, '', 'wrong'])
      await expect(openAuthority(folder, { passphrase })).rejects.toMatchObject({ code: 'AUTHORITY_LOCKED' });
    await works(await openAuthority(folder, { passphrase: 'correct horse' }));
  });

  it('does not take a passphrase for the secret of an authority without one', async () => {
    await expect(openAuthority(await made(), { passphrase: 'any' })).rejects.toMatchObject({
      code: 'AUTHORITY_LOCKED',
    });
  });

  onPosix('refuses a secret that others can read, and says how to protect it', async () => {
    const folder = await made();
    const path = join(folder, 'authority.unlock');
    for (const mode of [0o644, 0o640, 0o604]) {
      chmodSync(path, mode);
      await expect(openAuthority(folder)).rejects.toMatchObject({
        code: 'PERMISSION_DENIED',
        message: expect.stringContaining('chmod 600'),
      });
    }
    chmodSync(path, 0o600);
    await works(await openAuthority(folder));
  });

  it('says that there is none in a missing folder, an empty one and a file', async () => {
    const empty = newFolder();
    mkdirSync(empty);
    const file = join(root, 'not-a-folder');
    writeFileSync(file, '');
    for (const path of [newFolder(), empty, file])
      await expect(openAuthority(path)).rejects.toMatchObject({ code: 'AUTHORITY_NOT_FOUND' });
    expect(existsSync(join(empty, 'authority.db'))).toBe(false);
  });

  it('says which file is damaged when the key or its secret is', async () => {
    const changes: readonly (readonly [string, (text: string) => string, string])[] = [
      ['authority.key', () => '', 'MALFORMED_KEY'],
      ['authority.key', (text) => text.slice(0, 200), 'MALFORMED_KEY'],
      ['authority.key', (text) => text.replace('MII', 'AAA'), 'MALFORMED_KEY'],
      [
        'authority.key',
        // In the modulus, where neither the structure nor the padding tells.
        (text) => `${text.slice(0, 400)}${text[400] === 'A' ? 'B' : 'A'}${text.slice(401)}`,
        'MALFORMED_KEY',
      ],
      ['authority.unlock', () => 'short', 'MALFORMED_KEY'],
      ['authority.unlock', () => `${'A'.repeat(43)}=`, 'AUTHORITY_LOCKED'],
    ];
    for (const [name, change, code] of changes) {
      const folder = await made();
      const path = join(folder, name);
      writeFileSync(path, change(readFileSync(path, 'utf8')));
      const error = await openAuthority(folder).catch((refused: unknown) => refused);
      expect(error, `${name} ${code}`).toMatchObject({ code });
      expect((error as Error).message).toContain(folder);
    }
  });

  it('answers damaged or missing records with an error of the family, and never with a new authority', async () => {
    const damages: readonly (readonly [string, (path: string, whole: Buffer) => void])[] = [
      ['IO_FAILED', (path) => writeFileSync(path, 'No database, but long enough to look at. '.repeat(40))],
      ['IO_FAILED', (path, whole) => truncateSync(path, whole.length - 5000)],
      ['IO_FAILED', (path) => truncateSync(path, 5000)],
      ['IO_FAILED', (path, whole) => writeFileSync(path, Buffer.from(whole).fill(0xa5, 100))],
      ['IO_FAILED', (path) => writeFileSync(path, '')],
      ['AUTHORITY_NOT_FOUND', (path) => rmSync(path)],
    ];
    for (const [i, [code, damage]] of damages.entries()) {
      const folder = await made();
      const path = join(folder, 'authority.db');
      const whole = readFileSync(path);
      // A new file in the old one's place: this process may still hold a lock on the old one.
      for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
      writeFileSync(path, whole, { mode: 0o600 });
      damage(path, whole);
      const opening = openAuthority(folder);
      await expect(opening, `damage ${i}`).rejects.toMatchObject({
        code,
        message: expect.stringContaining(path),
      });
    }
  });

  it('takes records that were put back from a copy', async () => {
    const folder = await made();
    const path = join(folder, 'authority.db');
    const copy = readFileSync(path);
    for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
    await expect(openAuthority(folder)).rejects.toMatchObject({ code: 'AUTHORITY_NOT_FOUND' });
    writeFileSync(path, copy, { mode: 0o600 });
    await works(await openAuthority(folder));
  });
});

describe.skipIf(!hasOpenssl)('the key file of an authority (skipped without openssl)', () => {
  it('is one that openssl reads with the same passphrase', async () => {
    const folder = await made({ passphrase: 'correct horse' });
    const path = join(folder, 'authority.key');
    const openssl = (passphrase: string) =>
      execFileSync('openssl', ['pkcs8', '-in', path, '-passin', `pass:${passphrase}`], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    expect(openssl('correct horse').toString()).toContain('-----BEGIN PRIVATE KEY-----');
    expect(() => openssl('wrong')).toThrow();
  });
});
