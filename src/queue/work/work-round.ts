import { dirname } from 'node:path';
import { SealwrightError } from '../../errors.ts';
import {
  type BulkOperation,
  createFlushGroup,
  createWorkerPool,
  type FileOutcome,
  type FileTask,
  performTask,
  runTasks,
} from '../../node/bulk/core.ts';
import { removeStaleFiles } from '../../node/index.ts';
import type { OpenBulkDatabase } from '../database/bulk-database.ts';
import { outcomeJson } from '../run/outcome-json.ts';
import type { Bell } from './bell.ts';
import { feedTasks, type HandedOut } from './feed-tasks.ts';
import { keepAlive } from './keep-alive.ts';
import type { LeaseBook } from './lease-book.ts';
import { lookAgain, mayBeAnothers } from './look-again.ts';
import { type OutcomeWriter, outcomeWriter } from './outcome-writer.ts';
import { markStarted } from './settle-files.ts';
import type { Tally } from './tally.ts';
import type { WorkOnBulkRunsOptions } from './work-options.ts';
import type { WorkerRecord } from './worker-record.ts';

/** What the rounds of one worker share. */
export interface WorkerContext {
  readonly database: OpenBulkDatabase;
  readonly worker: WorkerRecord;
  readonly book: LeaseBook;
  readonly root: string;
  readonly operations: readonly BulkOperation[];
  readonly run: string | undefined;
  readonly options: WorkOnBulkRunsOptions;
  readonly count: Tally;
  readonly changed: Bell;
}

/** What the parts of one round share. */
export interface Round extends WorkerContext {
  readonly writer: OutcomeWriter;
  /** Files that were handed out and not settled yet, by the number of their task. */
  readonly handedOut: Map<number, HandedOut>;
  /** Aborted when the round is to end: by the caller, by a failure, or because a batch was lost. */
  readonly stop: AbortSignal;
  end(reason: unknown): void;
}

/** Says that another worker has a batch by now. */
export class BatchLost extends Error {}

/**
 * Works until there is nothing left to do, or the caller ends it, or a batch was lost to another worker: then everything in
 * progress is dropped before it changes anything, and the caller begins a new round.
 */
export async function workRound(context: WorkerContext): Promise<{ readonly finished: boolean }> {
  const { database, worker, book, root, options, count, changed } = context;
  const { signal } = options;
  const controller = new AbortController();
  let failure: { readonly error: unknown } | undefined;
  const end = (error: unknown): void => {
    if (!(error instanceof BatchLost) && signal?.aborted !== true) failure ??= { error };
    controller.abort();
    changed.ring();
  };
  const onAbort = (): void => end(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  const writer = outcomeWriter(database, worker.id, book, (error) => {
    if (error !== undefined) end(error);
    changed.ring();
  });
  const round: Round = { ...context, writer, handedOut: new Map(), stop: controller.signal, end };
  const alive = keepAlive(round);
  const leftovers = new Set<string>();
  const feed = feedTasks(round, alive);

  const begin = async (tasks: readonly FileTask[]): Promise<void> => {
    const files = tasks.map(({ number }) => handedOutAs(round, number));
    const marked = files.map(({ lease, file }) => ({ held: lease.batch.held, number: file.number }));
    if (!(await markStarted(database, worker.id, marked))) throw new BatchLost();
  };
  const shared = { flush: createFlushGroup() };
  const record = (outcome: FileOutcome, task: FileTask): void | Promise<void> => {
    if (!mayBeAnothers(outcome, task)) return settle(outcome, task);
    const work = { ...shared, service: options.service, signal: controller.signal };
    return lookAgain(outcome, task, (each) => performTask(each, work)).then(
      (seen) => settle(seen, task),
      (error: unknown) => {
        // Aborted: nothing came of it, and it is given back.
        if (!controller.signal.aborted) throw error;
      },
    );
  };
  const settle = (outcome: FileOutcome, task: FileTask): void => {
    const { lease, file } = handedOutAs(round, task.number);
    round.handedOut.delete(task.number);
    const said = { ...outcome, number: file.number };
    count.file(said);
    if (file.resumed) leftovers.add(dirname(outcome.output ?? outcome.path));
    writer.add(lease, {
      held: lease.batch.held,
      number: file.number,
      state: outcome.status,
      reason: outcome.reason,
      bytesIn: outcome.bytesIn,
      bytesOut: outcome.bytesOut,
      json: outcomeJson(said, root),
    });
    options.onFile?.(said);
    changed.ring();
  };

  try {
    await runTasks({
      tasks: feed.tasks,
      begin,
      record,
      perform: performTask,
      context: shared,
      service: options.service,
      threads: options.threads,
      concurrency: options.concurrency,
      makePool: (threads) => createWorkerPool({ threads }),
      signal: controller.signal,
    });
  } catch (error) {
    end(error);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    controller.abort();
    await alive.stop();
  }
  // Of workers that were killed on this machine; what those of others left is not ours to judge.
  for (const folder of leftovers) await removeStaleFiles(folder).catch(() => undefined);
  // What was done stays done, whatever else went wrong.
  await writer.flush().catch((error: unknown) => {
    if (signal?.aborted !== true) failure ??= { error };
  });
  if (failure !== undefined) throw (failure as { readonly error: unknown }).error;
  return { finished: feed.finished() };
}

function handedOutAs({ handedOut }: Round, number: number): HandedOut {
  const found = handedOut.get(number);
  if (found !== undefined) return found;
  throw new SealwrightError('INVALID_ARGUMENT', `There is no task ${number} in this round.`);
}
