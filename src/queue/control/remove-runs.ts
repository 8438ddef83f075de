import { SealwrightError } from '../../errors.ts';
import { type BulkDatabase, openedDatabase } from '../database/bulk-database.ts';
import { schemaName } from '../database/schema.ts';
import { queueOf } from '../run/queue-name.ts';
import { readRow } from '../run/row-fields.ts';
import { findRun } from './list-runs.ts';

/**
 * Forgets a run that has ended, with everything that is known of its files. Files are not touched.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` if there is no such run, or it has not ended
 * @see spec/queue.md, "Old runs"
 */
export async function removeBulkRun(database: BulkDatabase, id: string): Promise<void> {
  const run = await findRun(database, id);
  if (run.state !== 'finished' && run.state !== 'cancelled') {
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `The run ${run.id} is ${run.state}: cancel it first, or wait until it has finished.`,
      { reason: `run-${run.state}` },
    );
  }
  await forget(database, run.id);
}

/**
 * Forgets the runs that ended before `before`, and the workers that nobody knows any more.
 *
 * @returns resolves to how many runs that were
 * @see spec/queue.md, "Old runs"
 */
export async function removeBulkRuns(database: BulkDatabase, before: Date): Promise<number> {
  const opened = openedDatabase(database);
  const rows = await opened.rows(
    'look for old runs',
    `SELECT id::text FROM ${schemaName}.run WHERE state IN ('finished', 'cancelled') AND ended_at < $1 ORDER BY ended_at`,
    [before],
  );
  for (const row of rows) await forget(database, readRow(row, 'A run').text('id', 36));
  await opened.rows(
    'remove old workers',
    `DELETE FROM ${schemaName}.worker w WHERE greatest(heartbeat, left_at) < $1
       AND NOT EXISTS (SELECT FROM ${schemaName}.batch b WHERE b.worker = w.id)`,
    [before],
  );
  return rows.length;
}

async function forget(database: BulkDatabase, run: string): Promise<void> {
  const { boss, transact, ask } = openedDatabase(database);
  await transact('remove a run', async ({ rows }) => {
    await rows(`DELETE FROM ${schemaName}.run WHERE id = $1 AND state IN ('finished', 'cancelled')`, [run]);
    // A queue goes only without its jobs.
    await rows(`DELETE FROM ${schemaName}.job WHERE name = $1`, [queueOf(run)]);
  });
  await ask('remove the queue of a run', () => boss.deleteQueue(queueOf(run)));
}
