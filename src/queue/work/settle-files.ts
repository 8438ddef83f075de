import type { OpenBulkDatabase, Transaction } from '../database/bulk-database.ts';
import { schemaName } from '../database/schema.ts';
import { queueOf } from '../run/queue-name.ts';
import { readRow } from '../run/row-fields.ts';
import type { HeldBatch } from './held-batch.ts';

/** What came of a file, on its way into the database. */
export interface SettledFile {
  readonly held: HeldBatch;
  readonly number: number;
  readonly state: 'done' | 'skipped' | 'failed';
  readonly reason: string | undefined;
  readonly bytesIn: number | undefined;
  readonly bytesOut: number | undefined;
  readonly json: string;
}

/** Which batch a file is counted in, and whether this worker still has it. */
const fence = `
  SELECT b.run, b.number FROM ${schemaName}.batch b
  JOIN (SELECT DISTINCT run, batch, attempt FROM given) g ON g.run = b.run AND g.batch = b.number AND g.attempt = b.attempt
  WHERE b.worker = $1 AND b.state = 'held'
  ORDER BY b.run, b.number FOR NO KEY UPDATE OF b`;

/**
 * Marks files as begun, so that whoever gets their batch after a death of this worker looks what became of them.
 * Resolves to whether all of their batches are still held.
 */
export async function markStarted(
  database: OpenBulkDatabase,
  worker: string,
  files: readonly { readonly held: HeldBatch; readonly number: number }[],
): Promise<boolean> {
  const marked = await database.rows(
    'mark files as begun',
    `WITH given AS (
       SELECT * FROM unnest($2::uuid[], $3::int[], $4::int[], $5::int[]) AS g (run, batch, attempt, number)
     ), held AS MATERIALIZED (${fence})
     UPDATE ${schemaName}.file f SET state = 'started', worker = $1
     FROM given g JOIN held h ON h.run = g.run AND h.number = g.batch
     WHERE f.run = g.run AND f.number = g.number AND f.batch = g.batch AND f.state IN ('waiting', 'started')
     RETURNING f.number`,
    [
      worker,
      files.map(({ held }) => held.run),
      files.map(({ held }) => held.number),
      files.map(({ held }) => held.attempt),
      files.map(({ number }) => number),
    ],
  );
  return marked.length === files.length;
}

/**
 * Writes what came of files, and completes the batches and runs that are done with it. Outcomes of batches that
 * another worker has by now are left out: it says itself what it finds.
 */
export function settleFiles(
  database: OpenBulkDatabase,
  worker: string,
  files: readonly SettledFile[],
): Promise<void> {
  const batches = [...new Map(files.map(({ held }) => [`${held.run}/${held.number}`, held])).values()];
  return database.transact('write what came of files', async (transaction) => {
    const { rows } = transaction;
    await rows(
      `WITH given AS (
         SELECT * FROM unnest($2::uuid[], $3::int[], $4::int[], $5::int[], $6::text[], $7::text[], $8::bigint[],
           $9::bigint[], $10::text[])
           AS g (run, batch, attempt, number, state, reason, bytes_in, bytes_out, outcome)
       ), held AS MATERIALIZED (${fence})
       UPDATE ${schemaName}.file f SET state = g.state, worker = $1, reason = g.reason, bytes_in = g.bytes_in,
         bytes_out = g.bytes_out, outcome = g.outcome::json, settled_at = clock_timestamp()
       FROM given g JOIN held h ON h.run = g.run AND h.number = g.batch
       WHERE f.run = g.run AND f.number = g.number AND f.batch = g.batch AND f.state IN ('waiting', 'started')`,
      [
        worker,
        files.map(({ held }) => held.run),
        files.map(({ held }) => held.number),
        files.map(({ held }) => held.attempt),
        files.map(({ number }) => number),
        files.map(({ state }) => state),
        files.map(({ reason }) => reason ?? null),
        files.map(({ bytesIn }) => bytesIn ?? null),
        files.map(({ bytesOut }) => bytesOut ?? null),
        files.map(({ json }) => json),
      ],
    );
    await completeBatches(database, transaction, worker, batches);
  });
}

/** Completes those of `batches` in which nothing is left to do. */
export async function completeBatches(
  { boss }: OpenBulkDatabase,
  { rows, db }: Transaction,
  worker: string,
  batches: readonly HeldBatch[],
): Promise<void> {
  const done = await rows(
    `UPDATE ${schemaName}.batch b SET state = 'done'
     FROM unnest($2::uuid[], $3::int[], $4::int[]) AS g (run, number, attempt)
     WHERE b.run = g.run AND b.number = g.number AND b.attempt = g.attempt AND b.worker = $1 AND b.state = 'held'
       AND NOT EXISTS (SELECT FROM ${schemaName}.file f
         WHERE f.run = b.run AND f.batch = b.number AND f.state IN ('waiting', 'started'))
     RETURNING b.run::text, b.job::text`,
    [
      worker,
      batches.map(({ run }) => run),
      batches.map(({ number }) => number),
      batches.map(({ attempt }) => attempt),
    ],
  );
  if (done.length === 0) return;
  for (const [run, jobs] of jobsByRun(done)) await boss.complete(queueOf(run), jobs, {}, { db });
}

/** Ends runs in which every batch is done. */
export async function finishRuns(database: OpenBulkDatabase): Promise<void> {
  await database.rows(
    'end a run',
    `UPDATE ${schemaName}.run r SET state = 'finished',
       ended_at = (SELECT max(settled_at) FROM ${schemaName}.file f WHERE f.run = r.id), paused_at = NULL
     WHERE state IN ('running', 'paused')
       AND NOT EXISTS (SELECT FROM ${schemaName}.batch b WHERE b.run = r.id AND b.state <> 'done')`,
  );
}

/** Jobs of batches that a statement gave back, by run. */
export function jobsByRun(rows: readonly unknown[]): ReadonlyMap<string, string[]> {
  const jobs = new Map<string, string[]>();
  for (const row of rows) {
    const { text } = readRow(row, 'A batch');
    const run = text('run', 36);
    const list = jobs.get(run) ?? [];
    list.push(text('job', 36));
    jobs.set(run, list);
  }
  return jobs;
}
