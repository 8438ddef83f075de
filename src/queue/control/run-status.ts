import { type BulkDatabase, openedDatabase } from '../database/bulk-database.ts';
import { schemaName } from '../database/schema.ts';
import type { BulkRun } from '../run/bulk-run.ts';
import { readRow } from '../run/row-fields.ts';
import { findRun } from './list-runs.ts';

/** A worker that holds files of a run, or settled some. */
export interface BulkWorker {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** `working`, `silent` for longer than its lease, or `gone`: ended by itself, or forgotten. */
  readonly state: 'working' | 'silent' | 'gone';
  /** Seconds since it last said that it lives. */
  readonly silentFor: number | undefined;
  /** Files that it settled, and files of the batches that it holds. */
  readonly settled: number;
  readonly holds: number;
}

/** How far a run is. */
export interface BulkRunStatus {
  readonly run: BulkRun;
  /** Files that were taken. What was passed over while listing is among the skipped. */
  readonly found: number;
  readonly waiting: number;
  /** Files that are being worked on, or were when their worker was lost. */
  readonly started: number;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  /** Bytes of the input: of settled files, and of all. */
  readonly bytesDone: number;
  readonly bytesFound: number;
  /** Of the last minute. */
  readonly filesPerSecond: number;
  readonly bytesPerSecond: number;
  /** Seconds at that rate; `undefined` without one, or if the run does not go on. */
  readonly secondsLeft: number | undefined;
  readonly workers: readonly BulkWorker[];
}

/** Seconds over which the rate is taken. */
const rateSeconds = 60;

/**
 * How far a run is, and who works on it.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` if there is no such run
 * @see spec/queue.md
 *
 * @example
 * ```ts
 * import { bulkRunStatus } from 'sealwright/queue';
 * const { done, found, secondsLeft } = await bulkRunStatus(database, id);
 * ```
 */
export async function bulkRunStatus(database: BulkDatabase, id: string): Promise<BulkRunStatus> {
  const run = await findRun(database, id);
  const opened = openedDatabase(database);
  const [row] = await opened.rows(
    'count the files of a run',
    `SELECT count(*) AS found,
       count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'started') AS started,
       count(*) FILTER (WHERE state = 'done') AS done, count(*) FILTER (WHERE state = 'skipped') AS skipped,
       count(*) FILTER (WHERE state = 'failed') AS failed,
       coalesce(sum(size), 0) AS bytes_found, coalesce(sum(size) FILTER (WHERE settled_at IS NOT NULL), 0) AS bytes_done,
       count(*) FILTER (WHERE recent) AS recent_files, coalesce(sum(size) FILTER (WHERE recent), 0) AS recent_bytes,
       round(least($2, greatest(1, extract(epoch FROM clock_timestamp() - min(settled_at) FILTER (WHERE worker IS NOT NULL))))) AS seconds
     FROM (SELECT *, worker IS NOT NULL AND settled_at > clock_timestamp() - $2 * interval '1 second' AS recent
       FROM ${schemaName}.file WHERE run = $1) f`,
    [run.id, rateSeconds],
  );
  const { count, optionalCount } = readRow(row, 'The counts of a run');
  const seconds = optionalCount('seconds') ?? rateSeconds;
  const filesPerSecond = count('recent_files') / seconds;
  const bytesPerSecond = count('recent_bytes') / seconds;
  const left = count('waiting') + count('started');
  const goesOn = run.state === 'running' && left > 0 && filesPerSecond > 0;
  return Object.freeze({
    run,
    found: count('found'),
    waiting: count('waiting'),
    started: count('started'),
    done: count('done'),
    skipped: count('skipped'),
    failed: count('failed'),
    bytesDone: count('bytes_done'),
    bytesFound: count('bytes_found'),
    filesPerSecond,
    bytesPerSecond,
    secondsLeft: goesOn ? Math.ceil(left / filesPerSecond) : undefined,
    workers: await workersOf(database, run.id),
  });
}

async function workersOf(database: BulkDatabase, run: string): Promise<readonly BulkWorker[]> {
  const rows = await openedDatabase(database).rows(
    'look for workers',
    `WITH settled AS (
       SELECT worker, count(*) AS files FROM ${schemaName}.file
       WHERE run = $1 AND worker IS NOT NULL AND settled_at IS NOT NULL GROUP BY worker
     ), holding AS (
       SELECT b.worker, count(*) AS files FROM ${schemaName}.batch b
       JOIN ${schemaName}.file f ON f.run = b.run AND f.batch = b.number
       WHERE b.run = $1 AND b.state = 'held' AND f.state IN ('waiting', 'started') GROUP BY b.worker
     )
     SELECT w.id::text, w.host, w.pid, coalesce(s.files, 0) AS settled, coalesce(h.files, 0) AS holds,
       w.left_at IS NOT NULL AS gone, w.heartbeat + w.lease < clock_timestamp() AS silent,
       greatest(0, round(extract(epoch FROM clock_timestamp() - w.heartbeat))) AS silent_for
     FROM ${schemaName}.worker w LEFT JOIN settled s ON s.worker = w.id LEFT JOIN holding h ON h.worker = w.id
     WHERE s.files IS NOT NULL OR h.files IS NOT NULL
     ORDER BY w.left_at IS NOT NULL, w.started_at LIMIT 10000`,
    [run],
  );
  return Object.freeze(
    rows.map((row) => {
      const { text, count, flag, optionalCount } = readRow(row, 'A worker');
      const gone = flag('gone');
      return Object.freeze({
        id: text('id', 36),
        host: text('host', 300),
        pid: count('pid'),
        state: gone ? ('gone' as const) : flag('silent') ? ('silent' as const) : ('working' as const),
        silentFor: gone ? undefined : optionalCount('silent_for'),
        settled: count('settled'),
        holds: count('holds'),
      });
    }),
  );
}
