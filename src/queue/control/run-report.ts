import { resolve } from 'node:path';
import type { BulkReport, FileOutcome, SkipReason, ThroughputPoint } from '../../node/bulk/core.ts';
import { type BulkDatabase, openedDatabase } from '../database/bulk-database.ts';
import { schemaName } from '../database/schema.ts';
import { parseOutcome, skipReasons } from '../run/outcome-json.ts';
import { readRow } from '../run/row-fields.ts';
import { fromSharePath } from '../run/share-paths.ts';
import { findRun } from './list-runs.ts';

/** Points of the chart of throughput, and failures that stand in the report itself. */
const mostPoints = 600;
const mostFailures = 1_000;
/** Outcomes that are read with one statement. */
const outcomesAtOnce = 2_000;

/** Options of {@link bulkRunReport} and {@link bulkRunOutcomes}. */
export interface BulkRunReportOptions {
  /** The shared folder as this machine knows it, for the paths; by default as the machine that submitted the run knew it. */
  readonly root?: string | undefined;
}

/**
 * How a run went so far, as the report of a run on one machine says it. A session is a worker that settled files; `threads` and
 * `concurrency` are those of all workers together.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` if there is no such run; `MALFORMED_ANSWER` for rows that nobody of ours wrote
 * @see spec/queue.md
 *
 * @example
 * ```ts
 * import { bulkRunReport } from 'sealwright/queue';
 * const { done, failed, failures } = await bulkRunReport(database, id);
 * ```
 */
export async function bulkRunReport(
  database: BulkDatabase,
  id: string,
  options: BulkRunReportOptions = {},
): Promise<BulkReport> {
  const run = await findRun(database, id);
  const opened = openedDatabase(database);
  const root = rootOf(run.root, options);
  const [row] = await opened.rows(
    'count the files of a run',
    `SELECT count(*) FILTER (WHERE f.state = 'done') AS done, count(*) FILTER (WHERE f.state = 'skipped') AS skipped,
       count(*) FILTER (WHERE f.state = 'failed') AS failed, count(*) AS found,
       coalesce(sum(f.bytes_in) FILTER (WHERE f.state = 'done'), 0) AS bytes_in,
       coalesce(sum(f.bytes_out) FILTER (WHERE f.state = 'done'), 0) AS bytes_out,
       coalesce(r.started_at, r.submitted_at) AS started_at,
       coalesce(r.ended_at, max(f.settled_at), r.submitted_at) AS ended_at,
       greatest(0, round(1000 * extract(epoch FROM coalesce(r.ended_at, r.paused_at, clock_timestamp())
         - coalesce(r.started_at, clock_timestamp()) - r.paused_for))) AS milliseconds
     FROM ${schemaName}.run r LEFT JOIN ${schemaName}.file f ON f.run = r.id WHERE r.id = $1 GROUP BY r.id`,
    [run.id],
  );
  const { count, date } = readRow(row, 'The counts of a run');
  const workers = await workersOf(database, run.id);
  const failures: FileOutcome[] = [];
  for await (const outcome of bulkRunOutcomes(database, run.id, { ...options, failedOnly: true })) {
    failures.push(outcome);
    if (failures.length >= mostFailures) break;
  }
  const settled = count('done') + count('skipped') + count('failed');
  return Object.freeze({
    operation: run.operation,
    dryRun: run.dryRun,
    inputs: Object.freeze(run.inputs.map((input) => shown(root, input))),
    out: run.out === undefined ? undefined : shown(root, run.out),
    startedAt: date('started_at'),
    endedAt: date('ended_at'),
    sessions: workers.sessions,
    milliseconds: count('milliseconds'),
    complete: run.state === 'finished' && settled === count('found'),
    found: count('found'),
    done: count('done'),
    skipped: count('skipped'),
    failed: count('failed'),
    skippedBecause: await skippedBecause(database, run.id),
    bytesIn: count('bytes_in'),
    bytesOut: count('bytes_out'),
    throughput: await throughput(database, run.id, date('started_at')),
    failures: Object.freeze(failures),
    threads: workers.threads,
    concurrency: workers.concurrency,
  });
}

/**
 * What came of the files of a run that are settled, in the order in which they were listed.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` if there is no such run; `MALFORMED_ANSWER` for rows that nobody of ours wrote
 * @see spec/queue.md
 *
 * @example
 * ```ts
 * import { bulkRunOutcomes } from 'sealwright/queue';
 * for await (const { path, status } of bulkRunOutcomes(database, id)) console.log(status, path);
 * ```
 */
export async function* bulkRunOutcomes(
  database: BulkDatabase,
  id: string,
  options: BulkRunReportOptions & { readonly failedOnly?: boolean | undefined } = {},
): AsyncGenerator<FileOutcome, void, undefined> {
  const run = await findRun(database, id);
  const root = rootOf(run.root, options);
  let after = -1;
  for (;;) {
    const rows = await openedDatabase(database).rows(
      'read what came of files',
      `SELECT number, path, outcome::text FROM ${schemaName}.file
       WHERE run = $1 AND number > $2 AND ${options.failedOnly ? "state = 'failed'" : 'settled_at IS NOT NULL'}
       ORDER BY number LIMIT $3`,
      [run.id, after, outcomesAtOnce],
    );
    for (const row of rows) {
      const { count, text } = readRow(row, 'What came of a file');
      after = count('number');
      yield parseOutcome(text('outcome', 1_000_000), after, shown(root, text('path')), root);
    }
    if (rows.length < outcomesAtOnce) return;
  }
}

async function workersOf(
  database: BulkDatabase,
  run: string,
): Promise<{ readonly sessions: number; readonly threads: number; readonly concurrency: number }> {
  const [row] = await openedDatabase(database).rows(
    'look for workers',
    `SELECT count(*) AS sessions, coalesce(sum(threads), 0) AS threads, coalesce(sum(concurrency), 0) AS concurrency
     FROM ${schemaName}.worker WHERE id IN (SELECT worker FROM ${schemaName}.file WHERE run = $1)`,
    [run],
  );
  const { count } = readRow(row, 'The workers of a run');
  return { sessions: count('sessions'), threads: count('threads'), concurrency: count('concurrency') };
}

async function skippedBecause(
  database: BulkDatabase,
  run: string,
): Promise<Readonly<Partial<Record<SkipReason, number>>>> {
  const rows = await openedDatabase(database).rows(
    'count skipped files',
    `SELECT reason, count(*) AS files FROM ${schemaName}.file
     WHERE run = $1 AND state = 'skipped' AND reason IS NOT NULL GROUP BY reason ORDER BY reason LIMIT 100`,
    [run],
  );
  return Object.freeze(
    Object.fromEntries(
      rows.map((row) => {
        const { oneOf, count } = readRow(row, 'A count of skipped files');
        return [oneOf('reason', skipReasons), count('files')];
      }),
    ),
  );
}

async function throughput(
  database: BulkDatabase,
  run: string,
  startedAt: Date,
): Promise<readonly ThroughputPoint[]> {
  const rows = await openedDatabase(database).rows(
    'read the throughput of a run',
    `WITH f AS (SELECT settled_at, size FROM ${schemaName}.file WHERE run = $1 AND worker IS NOT NULL AND settled_at IS NOT NULL),
     last AS (SELECT greatest(max(settled_at), $2::timestamptz + interval '1 millisecond') AS at FROM f),
     sums AS (
       SELECT ceil(greatest(0, extract(epoch FROM settled_at - $2) / extract(epoch FROM last.at - $2)) * $3) AS bucket,
         count(*) AS files, sum(size) AS bytes
       FROM f, last GROUP BY 1
     )
     SELECT round(bucket / $3 * 1000 * extract(epoch FROM last.at - $2)) AS at,
       sum(files) OVER (ORDER BY bucket) AS files, sum(bytes) OVER (ORDER BY bucket) AS bytes
     FROM sums, last ORDER BY bucket`,
    [run, startedAt, mostPoints - 1],
  );
  return Object.freeze(
    rows.map((row) => {
      const { count } = readRow(row, 'A point of the throughput');
      return Object.freeze({ at: count('at'), files: count('files'), bytes: count('bytes') });
    }),
  );
}

const rootOf = (submitted: string, { root }: BulkRunReportOptions): string =>
  root === undefined ? submitted : resolve(root);

/** For people only: nothing is opened by it. */
function shown(root: string, path: string): string {
  try {
    return fromSharePath(root, path);
  } catch {
    return path;
  }
}
