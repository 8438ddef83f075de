import { type BulkDatabase, openedDatabase } from '../database/bulk-database.ts';
import type { NewJob } from '../database/job-queue.ts';
import { schemaName } from '../database/schema.ts';
import type { BulkRun } from '../run/bulk-run.ts';
import { queueOf } from '../run/queue-name.ts';
import { readRow } from '../run/row-fields.ts';
import { batchesOf } from '../submit/file-rows.ts';
import { change } from './run-state.ts';

/** What {@link retryFailedFiles} did. */
export interface RetriedFiles {
  readonly run: BulkRun;
  readonly files: number;
}

/** Files in one statement. */
const filesAtOnce = 5_000;

/**
 * Has the failed files of a run done once more, under the settings they had. A finished run goes on with them; a paused one does
 * when it is resumed. What could not be listed is not among them: submit it anew.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` if there is no such run, or it was cancelled
 * @see spec/queue.md, "States"
 */
export async function retryFailedFiles(database: BulkDatabase, id: string): Promise<RetriedFiles> {
  const { boss } = openedDatabase(database);
  let files = 0;
  const run = await change(
    database,
    id,
    ['running', 'paused', 'finished'],
    'be retried',
    async ({ rows, db }, { id: runId }) => {
      files = 0;
      const [last] = await rows(
        `SELECT coalesce(max(number) + 1, 0) AS next FROM ${schemaName}.batch WHERE run = $1`,
        [runId],
      );
      let next = readRow(last, 'A run').count('next');
      for (;;) {
        const found = await rows(
          `SELECT number, size FROM ${schemaName}.file
           WHERE run = $1 AND state = 'failed' AND settings IS NOT NULL ORDER BY number LIMIT $2`,
          [runId, filesAtOnce],
        );
        if (found.length === 0) break;
        const failed = found.map((row) => {
          const { count } = readRow(row, 'A file');
          return { number: count('number'), size: count('size') };
        });
        const { batches, batchOf } = batchesOf(next, failed, retryBounds);
        await rows(
          `INSERT INTO ${schemaName}.batch (run, number, job, files, bytes, state)
           SELECT $1::uuid, b.number, b.job, b.files, b.bytes, 'waiting'
           FROM unnest($2::int[], $3::uuid[], $4::int[], $5::bigint[]) AS b (number, job, files, bytes)`,
          [
            runId,
            batches.map(({ number }) => number),
            batches.map(({ job }) => job),
            batches.map((batch) => batch.files),
            batches.map(({ bytes }) => bytes),
          ],
        );
        await rows(
          `UPDATE ${schemaName}.file f SET state = 'waiting', batch = g.batch, resumed = true, deaths = 0,
             worker = NULL, outcome = NULL, settled_at = NULL, bytes_in = NULL, bytes_out = NULL
           FROM unnest($2::int[], $3::int[]) AS g (number, batch) WHERE f.run = $1 AND f.number = g.number`,
          [runId, failed.map(({ number }) => number), batchOf],
        );
        const jobs: readonly NewJob[] = batches.map(({ number, job }) => ({
          id: job,
          name: queueOf(runId),
          data: { batch: number },
          priority: -number,
        }));
        await boss.insert(jobs, { db });
        next += batches.length;
        files += failed.length;
      }
      if (files > 0) {
        // The time between is not the run's.
        await rows(
          `UPDATE ${schemaName}.run SET state = 'running', ended_at = NULL,
             paused_for = paused_for + coalesce(clock_timestamp() - ended_at, '0')
           WHERE id = $1 AND state = 'finished'`,
          [runId],
        );
      }
    },
  );
  return Object.freeze({ run, files });
}

/** Failures may fail again, slowly: many workers share them. */
const retryBounds = { files: 20, bytes: 64 * 1024 * 1024 };
