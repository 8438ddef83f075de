import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SealwrightError } from '../../errors.ts';
import type { AuthorityStore } from '../store/authority-store.ts';
import type { RecordKeeper } from '../store/record-keeper.ts';
import { storeOf } from '../store/store-of.ts';
import { rememberContent } from './remembered-content.ts';
import { loadSqliteDriver, type SqliteDatabase, type SqliteDriver } from './sqlite-driver.ts';
import { explainSqliteError, isBusy } from './sqlite-errors.ts';
import { readSqlite, statementsOf } from './sqlite-reader.ts';
import { isInTransaction, migrate, rollBack } from './sqlite-schema.ts';

/** How to open a store. */
export interface SqliteStoreOptions {
  /** Create the file if there is none, readable by its owner only. */
  readonly create?: boolean | undefined;
  /** Milliseconds to keep trying while other processes write; 10 seconds by default. */
  readonly patience?: number | undefined;
  /** The SQLite to use; found by `loadSqliteDriver` by default. */
  readonly driver?: SqliteDriver | undefined;
}

/** Runs a step, again after a short sleep while it fails because others are in the way. */
type Attempt = <T>(step: () => T) => Promise<T>;

/**
 * Opens the records of an authority in an SQLite file. Several processes may have it open and write at once.
 *
 * @throws SealwrightError `AUTHORITY_NOT_FOUND` if there is no file and none is to be created, `UNSUPPORTED_VERSION`,
 * `SERVICE_UNAVAILABLE`, `PERMISSION_DENIED`, `NO_SPACE`, `IO_FAILED`
 */
export async function openSqliteStore(
  path: string,
  options: SqliteStoreOptions = {},
): Promise<AuthorityStore> {
  const driver = options.driver ?? (await loadSqliteDriver());
  if (options.create === true) createPrivately(path);
  else checkReadable(path);
  const attempt = attemptFor(path, options.patience ?? 10_000);
  const connect = () => connectTo(driver, path, attempt);
  const database = await connect();
  try {
    await attempt(() => migrate(database, path));
  } catch (error) {
    database.close();
    throw error;
  }
  return storeOf(createKeeper(database, connect, attempt, path));
}

function checkReadable(path: string): void {
  if (!existsSync(path))
    throw new SealwrightError(
      'AUTHORITY_NOT_FOUND',
      `There is no authority at ${path}: create one with "sealwright init".`,
      { path },
    );
  try {
    accessSync(path, constants.R_OK);
  } catch (cause) {
    throw new SealwrightError(
      'PERMISSION_DENIED',
      `${path} cannot be read: use the account that created the authority.`,
      {
        path,
        cause,
      },
    );
  }
}

/** SQLite gives its side files the mode of the database, so the mode is right from the first byte on. */
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR, 0o600));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    // Left untouched: to open and close the file here would drop the locks this process holds on it through SQLite.
    if (code === 'EEXIST') return;
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
      throw new SealwrightError(
        'PERMISSION_DENIED',
        `${path} cannot be created: use a folder you may write.`,
        { path, cause },
      );
    if (code === 'ENOSPC')
      throw new SealwrightError('NO_SPACE', `There is no space for ${path}: free some.`, { path, cause });
    throw new SealwrightError('IO_FAILED', `${path} cannot be created: check that its folder exists.`, {
      path,
      cause,
    });
  }
}

/**
 * SQLite's own way to wait holds up the whole thread, and with it a transaction of this very process that others are
 * waiting for. So SQLite never waits here; whoever finds it busy sleeps and tries again.
 */
function attemptFor(path: string, patience: number): Attempt {
  return async (step) => {
    const deadline = Date.now() + patience;
    for (let longest = 2; ; longest = Math.min(longest * 2, 25)) {
      try {
        return step();
      } catch (error) {
        if (!isBusy(error) || Date.now() >= deadline) throw explainSqliteError(error, path);
      }
      // Of random length, so that two who collided do not collide again.
      await sleep(1 + Math.random() * longest);
    }
  };
}

async function connectTo(driver: SqliteDriver, path: string, attempt: Attempt): Promise<SqliteDatabase> {
  const database = await attempt(() => driver.open(path));
  try {
    // FULL: once a revocation is reported as done, not even a power failure may undo it. With the write-ahead log
    // that costs one flush for each transaction.
    await attempt(() =>
      database.exec('PRAGMA busy_timeout = 0; PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON'),
    );
    await attempt(() => database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL'));
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function createKeeper(
  database: SqliteDatabase,
  connect: () => Promise<SqliteDatabase>,
  attempt: Attempt,
  path: string,
): RecordKeeper {
  const statement = statementsOf(database);
  const reader = readSqlite(statement);
  const contents = rememberContent(
    () => (statement('PRAGMA data_version').get() as { data_version: number }).data_version,
    reader.readTrackedContent,
  );
  return {
    ...reader,
    readTrackedContent: contents.read,
    attempt,
    readTogether: (run) => {
      try {
        statement('BEGIN').run();
      } catch {
        // A transaction is open already, and does as well.
        run();
        return;
      }
      try {
        run();
      } finally {
        // Nothing was changed: however it ends, nothing is lost.
        rollBack(database);
      }
    },
    begin: () => void statement('BEGIN IMMEDIATE').run(),
    commit: () => void statement('COMMIT').run(),
    rollback: () => {
      contents.forget();
      rollBack(database);
    },
    inTransaction: () => isInTransaction(database),
    savepoint: () => void statement('SAVEPOINT part').run(),
    release: () => void statement('RELEASE part').run(),
    rollbackToSavepoint: () => {
      contents.forget();
      statement('ROLLBACK TO part').run();
      statement('RELEASE part').run();
    },
    explain: (error) => explainSqliteError(error, path),
    writeSetting: (name, value) => {
      statement(
        'INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      ).run(name, JSON.stringify(value));
    },
    writeTemplate: (template) => {
      statement(
        'INSERT INTO templates (id, template) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET template = excluded.template, deleted_at = NULL',
      ).run(template.id, JSON.stringify(template));
    },
    writeDeletedTemplate: (id, deletedAt) => {
      statement(
        'INSERT INTO templates (id, deleted_at) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET template = NULL, deleted_at = excluded.deleted_at',
      ).run(id, deletedAt.getTime());
    },
    addContent: (content) =>
      Number(
        statement('INSERT INTO contents VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING').run(
          content.contentId,
          content.owner,
          content.issuer,
          content.templateId ?? null,
          content.name ?? null,
          content.publishedAt.getTime(),
        ).changes,
      ) > 0,
    renameContent: (contentId, name) => {
      contents.forget(contentId);
      return Number(statement('UPDATE contents SET name = ? WHERE id = ?').run(name, contentId).changes) > 0;
    },
    addRevocation: (revocation) => {
      contents.forget(revocation.contentId);
      return (
        Number(
          statement(
            'INSERT INTO revocations (content_id, user, revoked_by, revoked_at) VALUES (?, ?, ?, ?) ON CONFLICT (content_id, user) DO NOTHING',
          ).run(revocation.contentId, revocation.user ?? '', revocation.by, revocation.at.getTime()).changes,
        ) > 0
      );
    },
    removeRevocation: (contentId, user) => {
      contents.forget(contentId);
      return (
        Number(
          statement('DELETE FROM revocations WHERE content_id = ? AND user = ?').run(contentId, user ?? '')
            .changes,
        ) > 0
      );
    },
    appendUsage: (records) => {
      const insert = statement('INSERT INTO usage_log (time, record) VALUES (?, ?)');
      for (const record of records) insert.run(record.time.getTime(), JSON.stringify(record));
    },
    appendUsageOnce: (record, key, since) =>
      Number(
        statement(
          'INSERT INTO usage_log (time, record, request_key) SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM usage_log WHERE request_key = ? AND time >= ?)',
        ).run(record.time.getTime(), JSON.stringify(record), key, key, since.getTime()).changes,
      ) > 0,
    openSnapshot: async () => {
      const reading = await connect();
      const reader = readSqlite(statementsOf(reading));
      try {
        reading.exec('BEGIN');
        // The first read of a transaction fixes what all of its reads see.
        await attempt(() => reader.lastUsage());
      } catch (error) {
        reading.close();
        throw error;
      }
      return {
        ...reader,
        close: () => {
          rollBack(reading);
          reading.close();
        },
      };
    },
    close: () => {
      // Not every driver frees its statements when it closes, and SQLite then leaves the write-ahead log behind:
      // empty it, so that the one file holds everything. While others work it stays as it is.
      try {
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } catch {
        // What was committed is safe in the log, and whoever opens the store next reads it there.
      }
      database.close();
    },
  };
}
