import { randomUUID } from 'node:crypto';
import type { Transaction } from '../database/bulk-database.ts';
import { schemaName } from '../database/schema.ts';

/** A file on its way into the tables. */
export interface NewFile {
  /** Below the root, with `/`. */
  readonly path: string;
  /** Below the folder where its listing began, with `/`. */
  readonly below: string;
  /** Bytes. */
  readonly size: number;
  /** Number of its settings; none if nothing is to be done with it. */
  readonly settings: number | undefined;
  /** What came of it already: passed over, or not to be listed. */
  readonly settled?: SettledAtOnce | undefined;
}

/** An outcome that needs no worker. */
export interface SettledAtOnce {
  readonly state: 'skipped' | 'failed';
  readonly reason: string | undefined;
  readonly json: string;
}

/** Where batches end: a worker takes one at a time. */
export interface BatchBounds {
  readonly files: number;
  readonly bytes: number;
}

/** A batch of files, and the id of its job in the queue. */
export interface NewBatch {
  readonly number: number;
  readonly job: string;
  readonly files: number;
  readonly bytes: number;
}

/** How far the numbering of a run is. */
export interface Numbered {
  readonly files: number;
  readonly batches: number;
}

/** Files with their numbers and batches, ready to be inserted, again if need be. */
export interface NumberedFiles {
  readonly first: number;
  readonly files: readonly NewFile[];
  /** The batch of each file; `null` for those that are settled. */
  readonly batchOf: readonly (number | null)[];
  readonly batches: readonly NewBatch[];
  readonly after: Numbered;
}

/** Numbers files and gathers them into batches, in the order in which they come. */
export function numberFiles(before: Numbered, files: readonly NewFile[], bounds: BatchBounds): NumberedFiles {
  const { batches, batchOf } = batchesOf(before.batches, files, bounds);
  const after = { files: before.files + files.length, batches: before.batches + batches.length };
  return { first: before.files, files, batchOf, batches, after };
}

/** Gathers files into batches whose numbers begin with `first`; those that are settled are in none. */
export function batchesOf(
  first: number,
  files: readonly Pick<NewFile, 'size' | 'settled'>[],
  bounds: BatchBounds,
): { readonly batches: readonly NewBatch[]; readonly batchOf: readonly (number | null)[] } {
  const batches: { number: number; job: string; files: number; bytes: number }[] = [];
  const batchOf = files.map(({ settled, size }) => {
    if (settled !== undefined) return null;
    const last = batches.at(-1);
    if (last !== undefined && last.files < bounds.files && last.bytes + size <= bounds.bytes) {
      last.files += 1;
      last.bytes += size;
      return last.number;
    }
    const number = first + batches.length;
    batches.push({ number, job: randomUUID(), files: 1, bytes: size });
    return number;
  });
  return { batches, batchOf };
}

/** Inserts files and their batches, a statement each. Doing it twice is doing it once. */
export async function insertFiles(
  { rows }: Transaction,
  run: string,
  { first, files, batchOf, batches }: NumberedFiles,
): Promise<void> {
  if (batches.length > 0) {
    await rows(
      `INSERT INTO ${schemaName}.batch (run, number, job, files, bytes, state)
       SELECT $1::uuid, b.number, b.job, b.files, b.bytes, 'waiting'
       FROM unnest($2::int[], $3::uuid[], $4::int[], $5::bigint[]) AS b (number, job, files, bytes)
       ON CONFLICT DO NOTHING`,
      [
        run,
        batches.map(({ number }) => number),
        batches.map(({ job }) => job),
        batches.map((batch) => batch.files),
        batches.map(({ bytes }) => bytes),
      ],
    );
  }
  await rows(
    `INSERT INTO ${schemaName}.file
       (run, number, batch, settings, path, below, size, state, reason, outcome, settled_at)
     SELECT $1::uuid, $2::int + f.at::int - 1, f.batch, f.settings, f.path, f.below, f.size,
       coalesce(f.state, 'waiting'), f.reason, f.outcome::json,
       CASE WHEN f.state IS NULL THEN NULL ELSE clock_timestamp() END
     FROM unnest($3::int[], $4::int[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::text[])
       WITH ORDINALITY AS f (batch, settings, path, below, size, state, reason, outcome, at)
     ON CONFLICT DO NOTHING`,
    [
      run,
      first,
      batchOf,
      files.map(({ settings }) => settings ?? null),
      files.map(({ path }) => path),
      files.map(({ below }) => below),
      files.map(({ size }) => size),
      files.map(({ settled }) => settled?.state ?? null),
      files.map(({ settled }) => settled?.reason ?? null),
      files.map(({ settled }) => settled?.json ?? null),
    ],
  );
}
