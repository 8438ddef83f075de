import { randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { SealwrightError } from '../../errors.ts';
import { type BulkOperation, runSizes } from '../../node/bulk/core.ts';
import { type BulkDatabase, type OpenBulkDatabase, openedDatabase } from '../database/bulk-database.ts';
import { toldOnce } from '../database/told-once.ts';
import { checkRunId } from '../run/bulk-run.ts';
import { bell } from './bell.ts';
import { giveBack } from './give-back.ts';
import { leaseBook } from './lease-book.ts';
import { tally } from './tally.ts';
import type { BulkWork, WorkOnBulkRunsOptions } from './work-options.ts';
import { workRound } from './work-round.ts';
import { heartbeat, leave, type WorkerRecord } from './worker-record.ts';

const usualOperations: readonly BulkOperation[] = ['protect', 'reprotect', 'inspect'];
const shortestLease = 3;

/** Milliseconds in which a worker that was told to end tries to give back what it holds. */
const farewell = 5_000;

/**
 * Works on the runs that were submitted to `database`, beside any number of other workers on any number of hosts. Every file is
 * done once, and counted once: a worker that dies loses nothing, since its batch goes to another (spec/queue.md, "Lost workers").
 *
 * @param options the folder that all workers share, and a licensing service of this worker's own
 * @returns resolves to what this worker did, when nothing is left to do or the signal ended it
 * @throws SealwrightError `SERVICE_UNAVAILABLE` if the database stays away for longer than `patienceSeconds`;
 * `SERVICE_REFUSED`, `AUTHENTICATION_FAILED`, `MALFORMED_ANSWER` as it answers; `FILE_NOT_FOUND` if there is no `root`
 * @see spec/queue.md, "Working"
 *
 * @example
 * ```ts
 * import { openBulkDatabase, workOnBulkRuns } from 'sealwright/queue';
 * const database = await openBulkDatabase('postgres://worker@db.contoso.com/sealwright');
 * const { done, failed } = await workOnBulkRuns(database, { root: '/mnt/share', service });
 * ```
 */
export async function workOnBulkRuns(
  database: BulkDatabase,
  options: WorkOnBulkRunsOptions,
): Promise<BulkWork> {
  const { leaseSeconds = 30, patienceSeconds = 600, signal, onAway, run } = options;
  if (!(leaseSeconds >= shortestLease && leaseSeconds <= 3600)) {
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `"leaseSeconds" is ${leaseSeconds}: give a number from ${shortestLease} to 3600.`,
    );
  }
  const { threads, concurrency } = runSizes(options);
  const worker: WorkerRecord = { id: randomUUID(), threads: Math.max(1, threads), concurrency, leaseSeconds };
  // A worker that is told to end still writes what it has; it only waits no longer for a database that is away.
  const ending = new AbortController();
  const opened = openedDatabase(database).patient({
    milliseconds: patienceSeconds * 1000,
    signal: ending.signal,
    onAway: toldOnce(onAway),
  });
  const last = openedDatabase(database).patient({ milliseconds: farewell });
  const count = tally();
  const common = {
    database: opened,
    worker,
    book: leaseBook(),
    root: rootOf(options.root),
    operations: options.operations ?? usualOperations,
    run: run === undefined ? undefined : checkRunId(run),
    options,
    count,
    changed: bell(),
  };
  const onAbort = (): void => {
    common.changed.ring();
    setTimeout(() => ending.abort(signal?.reason), farewell).unref();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  try {
    await heartbeat(opened, worker);
    while (signal?.aborted !== true) {
      const { finished } = await workRound(common);
      await returnAll(opened, common.book, worker.id);
      if (finished) break;
    }
    return count.total();
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await returnAll(last, common.book, worker.id).catch(() => undefined);
    await leave(last, worker.id).catch(() => undefined);
  }
}

async function returnAll(
  database: OpenBulkDatabase,
  book: ReturnType<typeof leaseBook>,
  worker: string,
): Promise<void> {
  const held = [...book.held.values()];
  if (held.length > 0) await giveBack(database, worker, held);
  for (const lease of [...book.leases.values()]) book.remove(lease);
}

function rootOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw new SealwrightError(
      'FILE_NOT_FOUND',
      `The root ${path} is not there: mount the share that all workers work on, or name where it is on this machine.`,
      { path, cause },
    );
  }
}
