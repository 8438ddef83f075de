import type { FileTask, TaskSettings } from '../../node/bulk/core.ts';
import { schemaName } from '../database/schema.ts';
import { readRow } from '../run/row-fields.ts';
import { parseSettings } from '../run/settings-json.ts';
import { fromSharePath } from '../run/share-paths.ts';
import { claimBatch } from './claim-batch.ts';
import { giveBack } from './give-back.ts';
import type { WaitingFile } from './held-batch.ts';
import type { KeepAlive } from './keep-alive.ts';
import type { Lease } from './lease-book.ts';
import { completeBatches, finishRuns } from './settle-files.ts';
import type { Round } from './work-round.ts';

/** A file that is being worked on, and the batch it belongs to. */
export interface HandedOut {
  readonly lease: Lease;
  readonly file: WaitingFile;
}

/** The tasks of one round. */
export interface TaskFeed {
  readonly tasks: AsyncIterable<FileTask>;
  /** Whether the tasks ended because no run has anything left to do. */
  finished(): boolean;
}

/** Milliseconds between looks at the queue while nothing waits there. */
const pollEvery = 1_000;
/** Files handed out for each that can be in progress: enough that nobody waits for the database. */
const ahead = 6;
/** Bytes handed out ahead. */
const bytesAhead = 256 * 1024 * 1024;
/** Outcomes that may wait for a database that is away. */
const mostUnwritten = 4_000;
/** A file under which so many workers ended is done alone, to see whether it was that file. */
const deathsToBeAlone = 2;

/** Takes batch after batch from the queue and hands out their files, never more than the workers here can soon do. */
export function feedTasks(round: Round, alive: KeepAlive): TaskFeed {
  const { database, worker, book, root, changed, writer, handedOut, stop } = round;
  const settingsOf = settingsReader(round);
  let finished = false;
  let numbers = 0;
  let after: string | undefined;

  const isFull = (): boolean =>
    writer.waiting >= mostUnwritten ||
    handedOut.size >= ahead * worker.concurrency ||
    (handedOut.size >= worker.concurrency && bytesInProgress() >= bytesAhead);
  const bytesInProgress = (): number => {
    let bytes = 0;
    for (const { file } of handedOut.values()) bytes += file.size;
    return bytes;
  };
  const until = async (holds: () => boolean): Promise<void> => {
    while (!stop.aborted && !holds()) await changed.heard(pollEvery);
  };

  /** Files of the leases whose run goes on, in order. Gives back those whose run does not, once nothing is open in them. */
  async function nextLease(): Promise<Lease | undefined> {
    for (const lease of [...book.leases.values()]) {
      if (lease.stopping) {
        if (lease.open > 0) continue;
        await giveBack(database, worker.id, [lease.batch.held]);
        book.remove(lease);
      } else if (lease.waiting.length > 0) return lease;
    }
    return undefined;
  }

  async function claim(): Promise<boolean> {
    const batch = await claimBatch(database, {
      worker: worker.id,
      run: round.run,
      operations: round.operations,
      after,
      known: book.held,
    });
    if (batch === undefined) return false;
    after = batch.held.run;
    const lease = book.add(batch);
    if (batch.files.length === 0) {
      lease.closing = true;
      await database.transact('complete a batch', (transaction) =>
        completeBatches(database, transaction, worker.id, [batch.held]),
      );
      book.remove(lease);
    }
    return true;
  }

  /** Whether any run that this worker would do has something left. */
  async function anythingLeft(): Promise<boolean> {
    await finishRuns(database);
    const rows = await database.rows(
      'look for runs',
      `SELECT id FROM ${schemaName}.run WHERE state IN ('listing', 'running', 'paused')
         AND ($1::uuid IS NULL OR id = $1) AND operation = ANY ($2::text[]) LIMIT 1`,
      [round.run ?? null, round.operations],
    );
    return rows.length > 0;
  }

  async function* tasks(): AsyncGenerator<FileTask, void, undefined> {
    while (!stop.aborted) {
      await until(() => !isFull() && alive.fresh());
      if (stop.aborted) return;
      const lease = await nextLease();
      if (lease !== undefined) {
        const file = lease.waiting.shift() as WaitingFile;
        const alone = file.deaths >= deathsToBeAlone;
        if (alone) await until(() => handedOut.size === 0);
        const number = numbers++;
        handedOut.set(number, { lease, file });
        lease.open += 1;
        yield await taskOf(number, lease, file);
        if (alone) await until(() => handedOut.size === 0);
      } else if (!(await claim())) {
        if (handedOut.size === 0 && book.leases.size === 0 && !(await anythingLeft())) {
          finished = round.options.stay !== true;
          if (finished) return;
        }
        await changed.heard(pollEvery);
      }
    }
  }

  async function taskOf(number: number, { batch }: Lease, file: WaitingFile): Promise<FileTask> {
    return {
      number,
      path: fromSharePath(root, file.path),
      relativePath: file.below,
      settings: await settingsOf(batch.held.run, file.settings),
      runStartedAt: batch.startedAt.toISOString(),
      resumed: file.resumed,
    };
  }

  return { tasks: tasks(), finished: () => finished };
}

/** Reads the settings of files, each once. */
function settingsReader({ database, root }: Round): (run: string, number: number) => Promise<TaskSettings> {
  const known = new Map<string, TaskSettings>();
  return async (run, number) => {
    const key = `${run}/${number}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const [row] = await database.rows(
      'read the settings of a run',
      `SELECT settings::text FROM ${schemaName}.run_settings WHERE run = $1 AND number = $2`,
      [run, number],
    );
    const read = parseSettings(
      readRow(row, 'The settings of a run').text('settings', Number.POSITIVE_INFINITY),
    );
    const settings = Object.freeze(
      read.out === undefined ? read : { ...read, out: fromSharePath(root, read.out) },
    );
    // Rules make a few kinds of settings, not thousands.
    if (known.size >= 1_000) known.clear();
    known.set(key, settings);
    return settings;
  };
}
