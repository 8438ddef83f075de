import { type BulkDatabase, openedDatabase } from '../database/bulk-database.ts';
import { schemaName } from '../database/schema.ts';
import { type BulkRun, checkRunId, readRun, runColumns, runNotFound } from '../run/bulk-run.ts';

/**
 * The runs in a database, the newest first, at most 1,000.
 *
 * @throws SealwrightError as the database answers
 * @see spec/queue.md
 */
export async function listBulkRuns(database: BulkDatabase): Promise<readonly BulkRun[]> {
  const rows = await openedDatabase(database).rows(
    'list runs',
    `SELECT ${runColumns} FROM ${schemaName}.run ORDER BY submitted_at DESC LIMIT 1000`,
  );
  return Object.freeze(rows.map(readRun));
}

/** One run; `INVALID_ARGUMENT` if there is no such run. */
export async function findRun(database: BulkDatabase, id: string): Promise<BulkRun> {
  const opened = openedDatabase(database);
  const checked = checkRunId(id);
  const [row] = await opened.rows(
    'look for a run',
    `SELECT ${runColumns} FROM ${schemaName}.run WHERE id = $1`,
    [checked],
  );
  if (row === undefined) throw runNotFound(checked, opened.label);
  return readRun(row);
}
