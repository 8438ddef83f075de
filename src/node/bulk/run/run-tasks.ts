import type { WaitOptions } from '../../../bytes/index.ts';
import type { LicensingService } from '../../../licensing/index.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import type { TaskContext } from '../task-context.ts';
import { filesBeforeThreads } from './concurrency.ts';
import type { PerformTask } from './lane.ts';
import { localLane } from './local-lane.ts';
import { runSizes } from './run-sizes.ts';
import { serveLane, type TakeTasks } from './serve-lane.ts';
import { taskFeed } from './task-feed.ts';
import { workInThread } from './work-in-threads.ts';

/** What {@link runTasks} takes. */
export interface RunTasksOptions extends WaitOptions {
  /** What is to be done. It is asked for no more than some hundreds ahead. */
  readonly tasks: AsyncIterable<FileTask>;
  /** Puts on record that work on these is about to begin; no work does before it resolves. */
  readonly begin: (tasks: readonly FileTask[]) => Promise<void>;
  /** Takes what came of a task. What it returns is waited for before that place is given to another task. */
  readonly record: (outcome: FileOutcome, task: FileTask) => void | Promise<void>;
  /** Told of a file that is about to be worked on, now and then. */
  readonly onCurrent?: ((path: string) => void) | undefined;
  /** Carries out a task in this thread; the others have their own. */
  readonly perform: PerformTask;
  /** Stays in this thread; the others ask it through a port. */
  readonly service?: LicensingService | undefined;
  /** For tasks in this thread, beside service and signal. With a storage in it, all is done in this thread. */
  readonly context?: TaskContext | undefined;
  /** Gives the threads, once there is so much to do that they are worth their start. Without it, all is done in this one. */
  readonly makePool?: ((threads: number) => WorkerPool) | undefined;
  /** Threads beside this one, by default one a processor. */
  readonly threads?: number | undefined;
  /** Files in progress at once, all threads together. */
  readonly concurrency?: number | undefined;
}

/** How {@link runTasks} ended. */
export interface TasksRun {
  /** Whether every task was settled; false after an abort. */
  readonly complete: boolean;
  /** Most threads that worked at once: 1 if there was only this one. */
  readonly threads: number;
  /** Files in progress at once. */
  readonly concurrency: number;
}

/**
 * Carries out tasks: the core of bulk runs on one machine and of the workers of a queue (spec/bulk.md, "How a run works").
 * Begins in this thread and moves to others when there is much to do; this one then only asks the licensing service. A task under
 * which a thread crashed is done once more, alone and marked as resumed; if the thread crashes again, it failed with `WORKER_FAILED`.
 * After an abort nothing new begins, and what is in progress ends as done or as if it had never begun.
 *
 * @throws what `tasks`, `begin` or `record` threw, when everything in progress has ended; `INVALID_ARGUMENT` for sizes that make
 *   no sense
 */
export async function runTasks(options: RunTasksOptions): Promise<TasksRun> {
  const { perform, service, signal, context } = options;
  const sizes = runSizes(options);
  const wantsThreads = sizes.threads > 0 && context?.storage === undefined;
  const feed = taskFeed(options.tasks, options.begin);
  const controller = new AbortController();
  const stop = (): void => {
    feed.stop();
    controller.abort();
  };
  let failure: { readonly error: unknown } | undefined;
  const failing = (error: unknown): void => {
    failure ??= { error };
    stop();
  };
  const none = (error: unknown): readonly FileTask[] => {
    failing(error);
    return [];
  };
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();

  let taken = 0;
  let settled = 0;
  async function take(most: number, unwanted: AbortSignal): Promise<readonly FileTask[]> {
    const tasks = await feed.take(most, unwanted);
    taken += tasks.length;
    if (tasks[0] !== undefined) options.onCurrent?.(tasks[0].path);
    return tasks;
  }
  function record(outcome: FileOutcome, task: FileTask): void | Promise<void> {
    settled++;
    return options.record(outcome, task);
  }

  let complete = false;
  let ready = 0;
  let mostReady = 0;
  let pool: WorkerPool | undefined;
  let inThreads: Promise<readonly (readonly FileTask[])[]> = Promise.resolve([]);
  function startThreads(): void {
    pool = options.makePool?.(sizes.threads);
    const started = pool;
    if (started?.available !== true) return;
    const work = {
      pool: started,
      service,
      concurrency: sizes.perThread,
      take,
      record,
      stop: controller.signal,
      onReady: () => {
        mostReady = Math.max(mostReady, ++ready);
      },
      onEnded: () => {
        ready--;
      },
    };
    const threads = Array.from({ length: sizes.threads }, () => workInThread(work).catch(none));
    inThreads = Promise.all(threads);
  }

  const workHere = (wanted: () => boolean, takeHere: TakeTasks = take): Promise<unknown> =>
    serveLane({
      open: (events) => localLane(perform, { ...context, service }, sizes.perThread, events),
      window: sizes.perThread,
      refillAt: sizes.perThread - 1,
      take: takeHere,
      wanted,
      record,
      stop: controller.signal,
    }).catch(failing);

  try {
    await workHere(() => {
      if (wantsThreads && pool === undefined && feed.begun > filesBeforeThreads) startThreads();
      return ready === 0;
    });
    const left = (await inThreads).flat();
    // Threads that could not be had, or crashed again and again, have left something.
    if (left.length > 0)
      await workHere(
        () => left.length > 0,
        async (most) => left.splice(0, most),
      );
    if (!feed.drained) await workHere(() => true);
    if (failure !== undefined) throw (failure as { readonly error: unknown }).error;
    complete = feed.drained && settled === taken;
  } finally {
    signal?.removeEventListener('abort', stop);
    feed.stop();
    await pool?.close();
  }
  return { complete, threads: Math.max(1, mostReady), concurrency: sizes.concurrency };
}
