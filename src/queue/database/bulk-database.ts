import { SealwrightError } from '../../errors.ts';
import { type DatabaseAddress, parseDatabaseAddress } from './address.ts';
import { databaseError } from './database-error.ts';
import { loadQueueDriver, type PgClient, type PgPool } from './driver.ts';
import type { JobQueue, QueueConnection } from './job-queue.ts';
import { type Patience, withPatience } from './patience.ts';
import { prepareSchema, schemaName } from './schema.ts';
import { toldOnce } from './told-once.ts';

/** Options of {@link openBulkDatabase}. */
export interface BulkDatabaseOptions {
  /** Seconds to wait for a database that is away before giving up with `SERVICE_UNAVAILABLE`; by default 0. */
  readonly patienceSeconds?: number | undefined;
  /** False never creates or upgrades tables, for users who may not; by default they are made on first use. */
  readonly createSchema?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with true when the database is away, and with false when it is back. */
  readonly onAway?: ((away: boolean) => void) | undefined;
}

/** One connection inside a transaction. */
export interface Transaction {
  /** Runs a statement and gives its rows. */
  rows(text: string, values?: readonly unknown[]): Promise<readonly unknown[]>;
  /** The transaction as `pg-boss` takes one, so that jobs change together with our tables. */
  readonly db: QueueConnection;
}

/** A database that holds bulk runs. Opened by {@link openBulkDatabase}; close it at the end. */
export interface BulkDatabase {
  /** Database and host, for messages; never a password. */
  readonly label: string;
  close(): Promise<void>;
}

/** What this room knows of a database beside. */
export interface OpenBulkDatabase extends BulkDatabase {
  readonly boss: JobQueue;
  /** The same database with another way to wait for it. */
  patient(patience: Patience): OpenBulkDatabase;
  /**
   * Does `work` in one transaction, again from the start when the database was away or another transaction was in the
   * way. `doing` completes "may not …", "could not be asked to …".
   */
  transact<T>(doing: string, work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Anything else that is asked of the database and may be asked again. */
  ask<T>(doing: string, work: () => Promise<T>): Promise<T>;
  /** One statement by itself. */
  rows(doing: string, text: string, values?: readonly unknown[]): Promise<readonly unknown[]>;
}

/**
 * Opens the database that bulk runs on many machines share, and makes its tables on first use, all in the PostgreSQL schema
 * `sealwright_bulk`.
 *
 * @param address `postgres://user@host:5432/database`; TLS as its `sslmode` says. A password is better in `PGPASSWORD`
 * or `~/.pgpass` than here
 * @throws SealwrightError `INVALID_ARGUMENT` for an address that is none, `SERVICE_UNAVAILABLE`, `AUTHENTICATION_FAILED`,
 * `UNTRUSTED_SERVICE`, `SERVICE_REFUSED` as the database answers, `UNSUPPORTED_VERSION` if a newer version made its tables
 * @see spec/queue.md
 *
 * @example
 * ```ts
 * import { listBulkRuns, openBulkDatabase } from 'sealwright/queue';
 * const database = await openBulkDatabase('postgres://worker@db.contoso.com/sealwright');
 * for (const run of await listBulkRuns(database)) console.log(run.id, run.state);
 * await database.close();
 * ```
 */
export async function openBulkDatabase(
  address: string,
  options: BulkDatabaseOptions = {},
): Promise<BulkDatabase> {
  const { patienceSeconds = 0, createSchema = true, signal, onAway } = options;
  const parsed = parseDatabaseAddress(address);
  const { PgBoss, createPool } = await loadQueueDriver();
  const pool = createPool({
    connectionString: parsed.url,
    application_name: 'sealwright bulk',
    max: 4,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    // A peer that vanished without a word must not be waited for for ever.
    query_timeout: 60_000,
    keepAlive: true,
  });
  // A connection that breaks while nobody uses it is replaced by the next that asks.
  pool.on('error', () => {});
  const db: QueueConnection = {
    executeSql: async (text, values) => {
      const client = await pool.connect();
      return onClient(client, () => client.query(text, values));
    },
  };
  // Nothing is left to a timer: batches are taken back by leases, and finished runs are removed as a whole.
  const boss = new PgBoss({
    db,
    schema: schemaName,
    supervise: false,
    schedule: false,
    migrate: createSchema,
  });
  boss.on('error', () => {});
  const opened = databaseOf(pool, boss, parsed, {
    milliseconds: patienceSeconds * 1000,
    signal,
    onAway: toldOnce(onAway),
  });
  try {
    await prepareSchema(opened, PgBoss, createSchema);
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** What stands behind a {@link BulkDatabase}; whoever made one of their own has none. */
export function openedDatabase(database: BulkDatabase): OpenBulkDatabase {
  if ('transact' in database) return database as OpenBulkDatabase;
  throw new SealwrightError('INVALID_ARGUMENT', 'The database is none that openBulkDatabase opened.');
}

function databaseOf(
  pool: PgPool,
  boss: JobQueue,
  address: DatabaseAddress,
  patience: Patience,
): OpenBulkDatabase {
  const { label } = address;
  const ask = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await withPatience(patience, work);
    } catch (error) {
      throw databaseError(error, label, doing);
    }
  };
  const opened: OpenBulkDatabase = {
    label,
    boss,
    ask,
    transact: (doing, work) => ask(doing, () => transaction(pool, work)),
    patient: (other) => databaseOf(pool, boss, address, other),
    rows: (doing, text, values) =>
      ask(doing, async () => {
        const client = await pool.connect();
        return (await onClient(client, () => client.query(text, values))).rows;
      }),
    close: () => pool.end(),
  };
  return Object.freeze(opened);
}

async function transaction<T>(pool: PgPool, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  return onClient(client, async () => {
    await client.query('BEGIN');
    const result = await work({
      rows: async (text, values) => (await client.query(text, values)).rows,
      db: {
        executeSql: (text, values) => client.query(text, values),
      },
    });
    await client.query('COMMIT');
    return result;
  });
}

/** Uses a connection and gives it back; one on which anything failed is closed, which ends its transaction, too. */
async function onClient<T>(client: PgClient, use: () => Promise<T>): Promise<T> {
  // An error that comes while nobody waits for an answer would end the process.
  const ignore = (): void => {};
  client.on('error', ignore);
  let failed = true;
  try {
    const result = await use();
    failed = false;
    return result;
  } finally {
    client.removeListener('error', ignore);
    client.release(failed);
  }
}
