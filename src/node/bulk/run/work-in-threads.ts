import { SealwrightError } from '../../../errors.ts';
import type { LicensingService } from '../../../licensing/index.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import { crashesInARow, heldPerFileInProgress } from './concurrency.ts';
import { serveLane, type TakeTasks } from './serve-lane.ts';
import { threadLane } from './thread-lane.ts';

/** What {@link workInThread} needs. */
export interface ThreadWork {
  readonly pool: WorkerPool;
  readonly service: LicensingService | undefined;
  /** Files in progress at once in one thread. */
  readonly concurrency: number;
  readonly take: TakeTasks;
  readonly record: (outcome: FileOutcome, task: FileTask) => void | Promise<void>;
  readonly stop: AbortSignal;
  readonly onReady: () => void;
  readonly onEnded: () => void;
}

/**
 * Has one thread carry out tasks until there are no more. If it crashes, those it worked on are done again in a new one, one at a
 * time, so that a file that kills its thread takes no other with it. Ends before there are no more tasks only if threads crash
 * again and again, or cannot be had; gives those it had taken and no thread came to do again.
 */
export async function workInThread(work: ThreadWork): Promise<readonly FileTask[]> {
  const { concurrency, take } = work;
  const window = concurrency * heldPerFileInProgress;
  let crashes = 0;
  while (!work.stop.aborted) {
    const end = await serve(work, concurrency, window, Math.floor(window * 0.75), take);
    if (end.crash === undefined) return [];
    const again = await doAgain(work, end.left);
    if (again.left.length > 0) return again.left;
    crashes = end.settled + again.settled > 0 ? 0 : crashes + 1;
    if (crashes >= crashesInARow || isWithoutThread(end.crash.error)) return [];
  }
  return [];
}

/** Gives how many of `tasks` were settled by a thread, and those that none was left for. */
async function doAgain(
  work: ThreadWork,
  tasks: readonly FileTask[],
): Promise<{ readonly settled: number; readonly left: readonly FileTask[] }> {
  const waiting = tasks.map((task) => ({ ...task, resumed: true }));
  let settled = 0;
  let crashes = 0;
  while (waiting.length > 0 && !work.stop.aborted) {
    const end = await serve(work, 1, 1, 0, async () => waiting.splice(0, 1));
    settled += end.settled;
    if (end.crash === undefined) break;
    for (const task of end.left) await work.record(crashedOutcome(task), task);
    crashes = end.settled + end.left.length > 0 ? 0 : crashes + 1;
    if (crashes >= crashesInARow || isWithoutThread(end.crash.error)) break;
  }
  return { settled, left: waiting };
}

async function serve(
  { pool, service, record, stop, onReady, onEnded }: ThreadWork,
  concurrency: number,
  window: number,
  refillAt: number,
  take: ThreadWork['take'],
): ReturnType<typeof serveLane> {
  let wasReady = false;
  try {
    return await serveLane({
      open: (events) => threadLane(pool, service, concurrency, events),
      window,
      refillAt,
      take,
      wanted: () => true,
      onReady() {
        wasReady = true;
        onReady();
      },
      record,
      stop,
    });
  } finally {
    if (wasReady) onEnded();
  }
}

const isWithoutThread = (error: unknown): boolean =>
  error instanceof SealwrightError && error.details.reason === 'no-thread';

const crashedOutcome = ({ number, path }: FileTask): FileOutcome =>
  Object.freeze<FileOutcome>({
    number,
    path,
    status: 'failed',
    error: {
      code: 'WORKER_FAILED',
      message: `${path} made two worker threads end, one after the other. Try it alone, and report it if it stays.`,
    },
  });
