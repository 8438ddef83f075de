import type { BulkOperation } from '../../node/bulk/core.ts';
import type { OpenBulkDatabase, Transaction } from '../database/bulk-database.ts';
import { schemaName } from '../database/schema.ts';
import { queueOf } from '../run/queue-name.ts';
import { readRow } from '../run/row-fields.ts';
import { batchKey, type ClaimedBatch, type HeldBatch, type WaitingFile } from './held-batch.ts';

/** Who claims, and what. */
export interface Claim {
  readonly worker: string;
  /** Only this run; otherwise any. */
  readonly run: string | undefined;
  readonly operations: readonly BulkOperation[];
  /** The run of the last batch: the next one comes from another run if there is one, so that small runs need not wait for large ones. */
  readonly after: string | undefined;
  /** What this worker knows to hold. */
  readonly known: ReadonlyMap<string, HeldBatch>;
}

/**
 * Takes the next batch: its job in the queue and our record of who holds it change together. `undefined` if none waits.
 * If an earlier claim succeeded and only its answer was lost, that batch is given again.
 */
export function claimBatch(database: OpenBulkDatabase, claim: Claim): Promise<ClaimedBatch | undefined> {
  return database.transact('take a batch of files', async (transaction) => {
    const forgotten = await heldButUnknown(transaction, claim);
    if (forgotten !== undefined) return withFiles(transaction, forgotten);
    for (const run of await runsToWorkOn(transaction, claim)) {
      const held = await claimFrom(database, transaction, claim.worker, run);
      if (held !== undefined) return withFiles(transaction, held);
    }
    return undefined;
  });
}

async function heldButUnknown(
  { rows }: Transaction,
  { worker, known }: Claim,
): Promise<HeldBatch | undefined> {
  const all = await rows(
    `SELECT run::text, number, attempt FROM ${schemaName}.batch WHERE worker = $1 AND state = 'held'`,
    [worker],
  );
  return all.map(readHeld).find((held) => !known.has(batchKey(held)));
}

function readHeld(row: unknown): HeldBatch {
  const { text, count } = readRow(row, 'A batch');
  return {
    run: text('run', 36),
    number: count('number'),
    attempt: count('attempt'),
    since: performance.now(),
  };
}

async function runsToWorkOn(
  { rows }: Transaction,
  { run, operations, after }: Claim,
): Promise<readonly string[]> {
  const found = await rows(
    `SELECT id::text FROM ${schemaName}.run
     WHERE state = 'running' AND ($1::uuid IS NULL OR id = $1) AND operation = ANY ($2::text[])
     ORDER BY submitted_at, id LIMIT 1000`,
    [run ?? null, operations],
  );
  const ids = found.map((row) => readRow(row, 'A run').text('id', 36));
  const next = after === undefined ? 0 : ids.indexOf(after) + 1;
  return [...ids.slice(next), ...ids.slice(0, next)];
}

async function claimFrom(
  { boss }: OpenBulkDatabase,
  { rows, db }: Transaction,
  worker: string,
  run: string,
): Promise<HeldBatch | undefined> {
  const queue = queueOf(run);
  for (;;) {
    const [job] = await boss.fetch(queue, { db, batchSize: 1 });
    if (job === undefined) return undefined;
    const [claimed] = await rows(
      `UPDATE ${schemaName}.batch SET state = 'held', worker = $3, attempt = attempt + 1, held_at = clock_timestamp()
       WHERE run = $1 AND job = $2 AND state = 'waiting' RETURNING run::text, number, attempt`,
      [run, job.id, worker],
    );
    if (claimed !== undefined) return readHeld(claimed);
    // A job that belongs to no waiting batch asks for nothing.
    await boss.complete(queue, [job.id], {}, { db });
  }
}

async function withFiles({ rows }: Transaction, held: HeldBatch): Promise<ClaimedBatch> {
  const [run] = await rows(
    `UPDATE ${schemaName}.run SET started_at = coalesce(started_at, clock_timestamp()) WHERE id = $1 RETURNING started_at`,
    [held.run],
  );
  const files = await rows(
    `SELECT number, settings, path, below, size, resumed OR state = 'started' AS resumed, deaths
     FROM ${schemaName}.file WHERE run = $1 AND batch = $2 AND state IN ('waiting', 'started') ORDER BY number`,
    [held.run, held.number],
  );
  return { held, startedAt: readRow(run, 'A run').date('started_at'), files: files.map(readFile) };
}

function readFile(row: unknown): WaitingFile {
  const { count, text, flag } = readRow(row, 'A file');
  return {
    number: count('number'),
    settings: count('settings'),
    path: text('path'),
    below: text('below'),
    size: count('size'),
    resumed: flag('resumed'),
    deaths: count('deaths'),
  };
}
