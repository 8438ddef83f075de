import type { LicensingService } from '../../../licensing/index.ts';
import { createFlushGroup } from '../../flush-group.ts';
import { createWorkerPool } from '../../workers/create-worker-pool.ts';
import type { BulkOptions } from '../bulk-options.ts';
import type { BulkReport } from '../bulk-report.ts';
import { fingerprintOf } from '../journal/fingerprint.ts';
import type { Journal } from '../journal/journal.ts';
import { openJournal } from '../journal/open-journal.ts';
import type { FileOutcome } from '../outcome.ts';
import { performTask } from '../perform-task.ts';
import type { BulkOperation, FileTask, TaskSettings } from '../task.ts';
import { couldBeOurs } from './could-be-ours.ts';
import type { Listed } from './listed-file.ts';
import { noJournal } from './no-journal.ts';
import { tellProgress } from './progress.ts';
import { runTasks, type TasksRun } from './run-tasks.ts';
import { tally } from './tally.ts';

/** A run over files, as the public functions and the watch ask for it. */
export interface FilesRun {
  readonly operation: BulkOperation;
  readonly inputs: readonly string[];
  readonly out: string | undefined;
  readonly options: BulkOptions;
  readonly service: LicensingService | undefined;
  readonly durable: boolean;
  /** All that may be done with a file. */
  readonly settings: readonly TaskSettings[];
  /** All that decides what is done, for telling one run's journal from another's. */
  readonly asked: unknown;
  readonly list: (signal: AbortSignal | undefined) => AsyncIterable<Listed>;
}

/** Carries out a run, or what is left of it (spec/bulk.md, "How a run works"). */
export async function runFiles(run: FilesRun): Promise<BulkReport> {
  const { operation, inputs, options } = run;
  const { onFile, signal } = options;
  const now = options.now ?? (() => new Date());
  const counted = tally();
  const startedAt = now();
  const ours = couldBeOurs(inputs, run.settings, options.storage !== undefined);
  const journal: Journal =
    options.journal === undefined || options.dryRun === true
      ? noJournal(startedAt)
      : await openJournal({
          path: options.journal,
          operation,
          fingerprint: fingerprintOf([operation, inputs, run.asked]),
          durable: run.durable,
          now,
          accepts: (task) => ours(task) !== undefined,
          onSettled: (outcome, at) => {
            if (outcome.number !== undefined) counted.take(1);
            counted.settle(outcome, at);
          },
          onSession: counted.restart,
        });
  const { earlier } = journal;
  const began = performance.now();
  const worked = (): number => earlier.milliseconds + performance.now() - began;

  const report = (end: TasksRun, milliseconds: number, sessions: number, endedAt: Date): BulkReport =>
    Object.freeze({
      operation,
      dryRun: options.dryRun === true,
      inputs: Object.freeze([...inputs]),
      out: run.out,
      startedAt: new Date(earlier.runStartedAt),
      endedAt,
      sessions,
      milliseconds: Math.round(milliseconds),
      complete: end.complete,
      ...counted.counts(),
      threads: Math.max(end.threads, earlier.threads),
      concurrency: Math.max(end.concurrency, earlier.concurrency),
    });
  if (earlier.complete) {
    await journal.close();
    const { milliseconds, sessions, threads, concurrency } = earlier;
    const endedAt = new Date(earlier.endedAt ?? earlier.runStartedAt);
    return report({ complete: true, threads, concurrency }, milliseconds, sessions, endedAt);
  }

  counted.restart();
  let bytesFound = counted.bytesSettled;
  let listed = false;
  /** Then what is still being listed is not told any more: the journal is closed, and whoever asked has the report. */
  let over = false;
  let current: string | undefined;
  let nextNumber = earlier.nextNumber;
  /** Sizes of files that were listed and are not settled; some hundreds. */
  const sizes = new Map<number, number>();
  /** What the files became that were begun by an earlier session; they are no new ones. */
  const outputs = new Set<string>();

  function settle(outcome: FileOutcome): void | Promise<void> {
    const { number } = outcome;
    const size = number === undefined ? undefined : sizes.get(number);
    counted.settle(outcome, worked(), size);
    if (number !== undefined) sizes.delete(number);
    // Those that an earlier session began with were not listed.
    if (size === undefined) bytesFound += outcome.bytesIn ?? 0;
    journal.record(outcome);
    return onFile?.(outcome);
  }

  async function* left(): AsyncGenerator<FileTask, void, undefined> {
    counted.take(earlier.unsettled.length);
    yield* earlier.unsettled.map((task) => ours(task) ?? task);
  }

  async function* tasks(): AsyncGenerator<FileTask, void, undefined> {
    for await (const entry of run.list(signal)) {
      if (over) return;
      if (entry.kind === 'settled') {
        await settle({ ...entry.outcome, number: undefined });
        continue;
      }
      const { path, relativePath, size, settings } = entry;
      if (earlier.isSettled(path) || earlier.isOutput(path) || outputs.has(path)) continue;
      const number = nextNumber++;
      counted.take(1);
      if (size !== undefined) {
        sizes.set(number, size);
        bytesFound += size;
      }
      yield {
        number,
        path,
        relativePath,
        settings,
        runStartedAt: earlier.runStartedAt,
        resumed: earlier.uncertain,
      };
    }
    listed = true;
  }

  const context = { storage: options.storage, flush: createFlushGroup() };
  const carryOut = (some: AsyncIterable<FileTask>, record: (outcome: FileOutcome) => void | Promise<void>) =>
    runTasks({
      tasks: some,
      begin: journal.started,
      record,
      onCurrent: (path) => {
        current = path;
      },
      perform: performTask,
      service: run.service,
      context,
      makePool: (threads) => createWorkerPool({ threads, script: options.workerScript }),
      threads: options.threads,
      concurrency: options.concurrency,
      signal,
    });

  const teller = tellProgress(options.onProgress, () => ({
    found: counted.found,
    listed,
    done: counted.done,
    skipped: counted.skipped,
    failed: counted.failed,
    bytesDone: counted.bytesSettled,
    bytesFound,
    current,
  }));
  try {
    // First what was begun: what comes of it may stand in the listing under another name.
    const first =
      earlier.unsettled.length === 0
        ? undefined
        : await carryOut(left(), (outcome) => {
            if (outcome.output !== undefined) outputs.add(outcome.output);
            outputs.add(outcome.path);
            return settle(outcome);
          });
    const rest = first?.complete === false ? first : await carryOut(tasks(), settle);
    const end = { ...rest, threads: Math.max(rest.threads, first?.threads ?? 1) };
    await journal.end({
      complete: end.complete,
      milliseconds: performance.now() - began,
      threads: end.threads,
      concurrency: end.concurrency,
    });
    return report(end, worked(), earlier.sessions + 1, now());
  } finally {
    over = true;
    try {
      teller.stop();
    } finally {
      await journal.close();
    }
  }
}
