import { SealwrightError } from '../../errors.ts';
import type { OpenBulkDatabase, Transaction } from './bulk-database.ts';
import { malformedRow } from './database-error.ts';
import type { JobQueueClass } from './job-queue.ts';
import { layoutStatements } from './tables.ts';

/** Where everything of ours is: our tables, and those of `pg-boss`. */
export const schemaName = 'sealwright_bulk';

/** Of our tables. Raise it with a statement that leads from the version before. */
export const layoutVersion = 1;

/** Sets up what is missing, one process at a time, and refuses what a newer version made. */
export async function prepareSchema(
  database: OpenBulkDatabase,
  boss: JobQueueClass,
  create: boolean,
): Promise<void> {
  const version = await database.transact('look for the tables of bulk runs', readVersion);
  if (version === layoutVersion) return startQueue(database);
  if (version === undefined && !create) {
    throw new SealwrightError(
      'SERVICE_REFUSED',
      `There are no bulk runs in ${database.label} yet. Submit one first.`,
      { reason: 'no-tables' },
    );
  }
  if (version !== undefined) assertKnown(version, database.label);
  await database.transact('create the tables of bulk runs', async (transaction) => {
    await transaction.rows(`SELECT pg_advisory_xact_lock(hashtext('${schemaName}'))`);
    // Another process may have been quicker.
    const now = await readVersion(transaction);
    if (now === layoutVersion) return;
    if (now !== undefined) assertKnown(now, database.label);
    await transaction.rows(withoutTransaction(boss.getConstructionPlans(schemaName)));
    for (const statement of layoutStatements(schemaName)) await transaction.rows(statement);
    await transaction.rows(`INSERT INTO ${schemaName}.layout (version) VALUES ($1)`, [layoutVersion]);
  });
  await startQueue(database);
}

/** The queue looks after the version of its own tables; it starts no timers here. */
async function startQueue({ ask, boss, label }: OpenBulkDatabase): Promise<void> {
  try {
    await ask('start the queue', () => boss.start());
  } catch (error) {
    if (!(error instanceof SealwrightError && error.code === 'MALFORMED_ANSWER')) throw error;
    throw new SealwrightError(
      'UNSUPPORTED_VERSION',
      `The queue in ${label} was made by another version of pg-boss: install the same version everywhere, or let a user who may change tables open it once.`,
      { cause: error },
    );
  }
}

async function readVersion(transaction: Transaction): Promise<number | undefined> {
  // Not to_regclass(), which may answer from what the connection knew before it waited for the lock.
  const [found] = await transaction.rows(
    `SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = '${schemaName}' AND c.relname = 'layout') AS there`,
  );
  if ((found as { there?: unknown }).there !== true) return undefined;
  const [row] = await transaction.rows(`SELECT version FROM ${schemaName}.layout`);
  const version = (row as { version?: unknown } | undefined)?.version;
  if (typeof version !== 'number') throw malformedRow('The version of the tables of bulk runs', 'version');
  return version;
}

function assertKnown(version: number, label: string): void {
  if (version <= layoutVersion) return;
  throw new SealwrightError(
    'UNSUPPORTED_VERSION',
    `The tables of bulk runs in ${label} were made by a newer version of Sealwright (layout ${version}, known is ${layoutVersion}): update Sealwright on this machine.`,
  );
}

/** The statements of `pg-boss` bring a transaction of their own; here they are part of ours. */
function withoutTransaction(statements: string): string {
  return statements.replace(/^\s*BEGIN;/, '').replace(/COMMIT;\s*$/, '');
}
