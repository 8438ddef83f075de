import type { OpenBulkDatabase, Transaction } from '../database/bulk-database.ts';
import { schemaName } from '../database/schema.ts';
import { queueOf } from '../run/queue-name.ts';
import { readRow } from '../run/row-fields.ts';
import type { HeldBatch } from './held-batch.ts';
import { jobsByRun } from './settle-files.ts';

/** Workers that may end while they work on a file until the file is taken for the reason. */
export const mostDeaths = 5;

/** Gives batches back to the queue; their next worker goes on where this one was. */
export function giveBack(
  database: OpenBulkDatabase,
  worker: string,
  batches: readonly HeldBatch[],
): Promise<void> {
  return database.transact('give back a batch of files', async (transaction) => {
    const given = await transaction.rows(
      `UPDATE ${schemaName}.batch b SET state = 'waiting', worker = NULL
       FROM unnest($2::uuid[], $3::int[], $4::int[]) AS g (run, number, attempt)
       WHERE b.run = g.run AND b.number = g.number AND b.attempt = g.attempt AND b.worker = $1 AND b.state = 'held'
       RETURNING b.run::text, b.number, b.job::text`,
      [
        worker,
        batches.map(({ run }) => run),
        batches.map(({ number }) => number),
        batches.map(({ attempt }) => attempt),
      ],
    );
    await returnToQueue(database, transaction, given, 0);
  });
}

/**
 * Takes batches back from workers that said nothing for longer than their lease. Time is the database's, and silence
 * does not count while the database itself was away. Resolves to how many batches that were.
 */
export function takeBackFromLost(database: OpenBulkDatabase): Promise<number> {
  return database.transact('take back batches of lost workers', async (transaction) => {
    const taken = await transaction.rows(
      `WITH lost AS (
         SELECT b.run, b.number FROM ${schemaName}.batch b
         WHERE b.state = 'held' AND NOT EXISTS (
           SELECT FROM ${schemaName}.worker w
           WHERE w.id = b.worker AND w.left_at IS NULL
             AND greatest(w.heartbeat, pg_postmaster_start_time()) + w.lease >= clock_timestamp())
         ORDER BY b.run, b.number FOR UPDATE SKIP LOCKED
       )
       UPDATE ${schemaName}.batch b SET state = 'waiting', worker = NULL
       FROM lost l WHERE b.run = l.run AND b.number = l.number AND b.state = 'held'
       RETURNING b.run::text, b.number, b.job::text`,
    );
    await returnToQueue(database, transaction, taken, 1);
    return taken.length;
  });
}

async function returnToQueue(
  { boss }: OpenBulkDatabase,
  { rows, db }: Transaction,
  batches: readonly unknown[],
  deaths: number,
): Promise<void> {
  if (batches.length === 0) return;
  const read = batches.map((row) => readRow(row, 'A batch'));
  const runs = read.map(({ text }) => text('run', 36));
  const numbers = read.map(({ count }) => count('number'));
  await rows(
    `UPDATE ${schemaName}.file f SET
       state = CASE WHEN f.deaths + $3 >= $4 THEN 'failed' ELSE 'waiting' END,
       resumed = true, deaths = f.deaths + $3,
       outcome = CASE WHEN f.deaths + $3 >= $4 THEN json_build_object('status', 'failed', 'error', json_build_object(
         'code', 'WORKER_FAILED', 'message',
         f.path || ' was given up: ' || (f.deaths + $3) || ' workers ended while they worked on it. Look at what they logged, then retry it.'))
         END,
       settled_at = CASE WHEN f.deaths + $3 >= $4 THEN clock_timestamp() END
     FROM unnest($1::uuid[], $2::int[]) AS g (run, number)
     WHERE f.run = g.run AND f.batch = g.number AND f.state = 'started'`,
    [runs, numbers, deaths, mostDeaths],
  );
  for (const [run, jobs] of jobsByRun(batches)) await boss.fail(queueOf(run), jobs, {}, { db });
}
