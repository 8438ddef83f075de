import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeAuthorityStore } from '../../../spec/conformance/authority-store.ts';
import type { UsageRecord } from '../usage-log/usage-record.ts';
import { loadBuiltIn, loadSqliteDriver } from './sqlite-driver.ts';
import { openSqliteStore } from './sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealwright-store-'));
let files = 0;
const newPath = () => join(folder, `${++files}.sqlite`);
afterAll(() => rmSync(folder, { recursive: true }));

describeAuthorityStore('an SQLite file', () => openSqliteStore(newPath(), { create: true }));

const builtIn = loadBuiltIn();
if (builtIn === undefined) it.skip('works with the SQLite of this Node, which has none (22.13 or newer has)');
else
  describeAuthorityStore('an SQLite file, with the SQLite of this Node', () =>
    openSqliteStore(newPath(), {
      create: true,
      driver: { name: 'node:sqlite', open: (path) => new builtIn.DatabaseSync(path) },
    }),
  );

const code = (expected: string, message = /./) =>
  expect.objectContaining({ code: expected, message: expect.stringMatching(message) });

describe('an SQLite file', () => {
  it('keeps its records when it is closed, all of them in the one file', async () => {
    const path = newPath();
    const first = await openSqliteStore(path, { create: true });
    await first.setSetting('a', 1);
    await first.close();
    const copy = newPath();
    copyFileSync(path, copy);
    const again = await openSqliteStore(copy);
    expect(await again.getSetting('a')).toBe(1);
    await again.close();
  });

  it('shows at once what another connection, or a transaction of its own, says of a content', async () => {
    const path = newPath();
    const [one, other] = [await openSqliteStore(path, { create: true }), await openSqliteStore(path)];
    const contentId = '9a3c1b52-7d64-4f0e-b1c8-3e5f7a9d2c41';
    const by = 'alice@contoso.com';
    const withdrawn = async () =>
      (await one.getTrackedContent(contentId))?.revocations.map(({ user }) => user);
    expect(await withdrawn()).toBeUndefined();
    const content = { contentId, owner: by, issuer: by, templateId: undefined, name: undefined };
    await other.insertContent({ ...content, publishedAt: new Date(1) });
    expect(await withdrawn()).toEqual([]);
    await other.revoke({ contentId, user: 'bob@contoso.com', by, at: new Date(2) });
    expect(await withdrawn()).toEqual(['bob@contoso.com']);
    await other.restore(contentId, 'bob@contoso.com');
    expect(await withdrawn()).toEqual([]);
    const undone = one.transaction(async (records) => {
      await records.revoke({ contentId, user: undefined, by, at: new Date(3) });
      expect((await records.getTrackedContent(contentId))?.revocations).toHaveLength(1);
      throw new Error('on purpose');
    });
    await expect(undone).rejects.toThrow('on purpose');
    expect(await withdrawn()).toEqual([]);
    await one.revoke({ contentId, user: undefined, by, at: new Date(4) });
    expect(await withdrawn()).toEqual([undefined]);
    await one.renameContent(contentId, 'Plan');
    expect((await one.getTrackedContent(contentId))?.content.name).toBe('Plan');
    await Promise.all([one.close(), other.close()]);
  });

  it.skipIf(process.platform === 'win32')('is readable by its owner only, side files included', async () => {
    const path = newPath();
    const mask = process.umask(0);
    const store = await openSqliteStore(path, { create: true }).finally(() => process.umask(mask));
    await store.setSetting('a', 1);
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600);
    await store.close();
  });

  it('is not created unless asked for', async () => {
    const path = newPath();
    await expect(openSqliteStore(path)).rejects.toEqual(code('AUTHORITY_NOT_FOUND', /sealwright init/));
    expect(existsSync(path)).toBe(false);
  });

  it('explains a folder that is missing', async () => {
    await expect(openSqliteStore(join(folder, 'no', 'x.sqlite'), { create: true })).rejects.toEqual(
      code('IO_FAILED', /folder/),
    );
  });

  it('explains a file that is no database', async () => {
    const path = newPath();
    writeFileSync(path, 'not a database, but long enough to look at'.repeat(100));
    await expect(openSqliteStore(path)).rejects.toEqual(code('IO_FAILED', /damaged/));
  });

  it('refuses the database of another program, and one of a newer version', async () => {
    const driver = await loadSqliteDriver();
    const foreign = newPath();
    const database = driver.open(foreign);
    database.exec('CREATE TABLE t (x)');
    database.close();
    await expect(openSqliteStore(foreign)).rejects.toEqual(code('IO_FAILED', /another program/));

    const path = newPath();
    await (await openSqliteStore(path, { create: true })).close();
    const newer = driver.open(path);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    await expect(openSqliteStore(path)).rejects.toEqual(code('UNSUPPORTED_VERSION', /update Sealwright/));
  });

  it('of the first version is brought up to date and keeps its rows', async () => {
    const path = newPath();
    const store = await openSqliteStore(path, { create: true });
    const row: UsageRecord = {
      time: new Date(0),
      rowId: 'r',
      requestType: 'AcquireLicense',
      userId: 'bob@contoso.com',
      result: 'Success',
      correlationId: 'c',
    };
    await store.appendUsage([row]);
    await store.close();
    const database = (await loadSqliteDriver()).open(path);
    database.exec(
      'DROP INDEX usage_log_by_request; ALTER TABLE usage_log DROP COLUMN request_key; PRAGMA user_version = 1',
    );
    database.close();
    const again = await openSqliteStore(path);
    expect(await again.appendUsageOnce(row, 'key', new Date(0))).toBe(true);
    expect(await again.appendUsageOnce(row, 'key', new Date(0))).toBe(false);
    expect(await again.countUsage()).toBe(2);
    await again.close();
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'explains a file it may not write',
    async () => {
      const path = newPath();
      await (await openSqliteStore(path, { create: true })).close();
      chmodSync(path, 0o400);
      const refused = openSqliteStore(path).then((store) => store.setSetting('a', 1));
      await expect(refused).rejects.toEqual(code('PERMISSION_DENIED'));
    },
  );

  it('opened twice in one process, waits for the other’s transaction instead of failing', async () => {
    const path = newPath();
    const one = await openSqliteStore(path, { create: true });
    const two = await openSqliteStore(path);
    const slow = one.transaction(async (records) => {
      await records.setSetting('a', 1);
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await two.getSetting('a')).toBeUndefined();
    await two.setSetting('a', 2);
    await slow;
    expect(await one.getSetting('a')).toBe(2);
    await Promise.all([one.close(), two.close()]);
  });

  it('says so when others hold it for longer than it has patience', async () => {
    const path = newPath();
    const one = await openSqliteStore(path, { create: true });
    const two = await openSqliteStore(path, { patience: 30 });
    await one.transaction(async () => {
      await expect(two.setSetting('a', 2)).rejects.toEqual(
        code('SERVICE_UNAVAILABLE', /in use by other processes/),
      );
    });
    await Promise.all([one.close(), two.close()]);
  });
});
