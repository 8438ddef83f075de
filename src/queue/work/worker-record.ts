import { hostname } from 'node:os';
import type { OpenBulkDatabase } from '../database/bulk-database.ts';
import { schemaName } from '../database/schema.ts';
import { type BulkRunState, bulkRunStates } from '../run/bulk-run.ts';
import { readRow } from '../run/row-fields.ts';

/** What a worker says of itself. */
export interface WorkerRecord {
  readonly id: string;
  readonly threads: number;
  readonly concurrency: number;
  readonly leaseSeconds: number;
}

/** A batch as the database has it. */
export interface HeldOnRecord {
  readonly run: string;
  readonly number: number;
  readonly attempt: number;
  readonly runState: BulkRunState;
}

/**
 * Says that the worker lives, and learns what it holds. A worker that was taken for dead and forgotten is on record
 * again from here on; what it held is not its any more.
 */
export async function heartbeat(
  database: OpenBulkDatabase,
  { id, threads, concurrency, leaseSeconds }: WorkerRecord,
): Promise<readonly HeldOnRecord[]> {
  const rows = await database.rows(
    'say that this worker lives',
    `WITH me AS (
       INSERT INTO ${schemaName}.worker (id, host, pid, threads, concurrency, lease)
       VALUES ($1, $2, $3, $4, $5, $6 * interval '1 second')
       ON CONFLICT (id) DO UPDATE SET heartbeat = clock_timestamp(), left_at = NULL
       RETURNING id
     )
     SELECT b.run::text, b.number, b.attempt, r.state
     FROM ${schemaName}.batch b JOIN ${schemaName}.run r ON r.id = b.run
     WHERE b.worker = $1 AND b.state = 'held'`,
    [id, hostname().slice(0, 200), process.pid, threads, concurrency, leaseSeconds],
  );
  return rows.map((row) => {
    const { text, count, oneOf } = readRow(row, 'A batch');
    return {
      run: text('run', 36),
      number: count('number'),
      attempt: count('attempt'),
      runState: oneOf('state', bulkRunStates),
    };
  });
}

/** Says that the worker has gone; what it may still hold is anybody's. */
export async function leave(database: OpenBulkDatabase, id: string): Promise<void> {
  await database.rows(
    'say that this worker leaves',
    `UPDATE ${schemaName}.worker SET left_at = clock_timestamp() WHERE id = $1`,
    [id],
  );
}
