import { SealwrightError } from '../../errors.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';

/** Marks the file as ours ("SEAL"), so that another program's database is not taken for one. */
const applicationId = 0x5345414c;

/**
 * The steps from each version of the schema to the next. A step that was released is never changed: later changes are
 * further steps.
 */
const steps: readonly string[] = [
  `
  CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE templates (
    place INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    template TEXT,
    deleted_at INTEGER,
    CHECK ((template IS NULL) <> (deleted_at IS NULL))
  ) STRICT;
  CREATE TABLE contents (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    issuer TEXT NOT NULL,
    template_id TEXT,
    name TEXT,
    published_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX contents_by_time ON contents (published_at, id);
  CREATE INDEX contents_by_owner ON contents (owner, published_at, id);
  CREATE INDEX contents_by_name ON contents (name, published_at, id);
  CREATE TABLE revocations (
    place INTEGER PRIMARY KEY,
    content_id TEXT NOT NULL REFERENCES contents (id),
    -- Empty is everyone: NULL would not be unique.
    user TEXT NOT NULL,
    revoked_by TEXT NOT NULL,
    revoked_at INTEGER NOT NULL,
    UNIQUE (content_id, user)
  ) STRICT;
  CREATE TABLE usage_log (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    time INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- Tells a request that is repeated from a new one.
  ALTER TABLE usage_log ADD COLUMN request_key TEXT;
  CREATE INDEX usage_log_by_request ON usage_log (request_key, time) WHERE request_key IS NOT NULL;
  `,
];

const readPragma = (database: SqliteDatabase, name: 'user_version' | 'application_id'): number =>
  (database.prepare(`PRAGMA ${name}`).get() as Record<typeof name, number>)[name];

/** Brings the schema to the newest version; of several processes that try at once, one does it. */
export function migrate(database: SqliteDatabase, path: string): void {
  if (isCurrent(database, path)) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Asked again, because another process may have been faster.
    if (!isCurrent(database, path)) {
      for (const step of steps.slice(readPragma(database, 'user_version'))) database.exec(step);
      database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${steps.length}`);
    }
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** Undoes the open transaction, if there still is one: on a full disk SQLite has undone it by itself. */
export function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // Nothing was open.
  }
}

/** Not every driver can be asked, but SQLite refuses to begin a transaction inside another. */
export function isInTransaction(database: SqliteDatabase): boolean {
  try {
    database.exec('BEGIN');
  } catch {
    return true;
  }
  rollBack(database);
  return false;
}

function isCurrent(database: SqliteDatabase, path: string): boolean {
  const version = readPragma(database, 'user_version');
  const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as {
    tables: number;
  };
  const id = readPragma(database, 'application_id');
  if (id !== applicationId && (id !== 0 || version !== 0 || tables !== 0))
    throw new SealwrightError(
      'IO_FAILED',
      `${path} is the database of another program: name the folder of an authority.`,
      { path },
    );
  if (version > steps.length)
    throw new SealwrightError(
      'UNSUPPORTED_VERSION',
      `${path} was written by a newer version of Sealwright (records version ${version}, known up to ${steps.length}): update Sealwright.`,
      { path },
    );
  return version === steps.length;
}
