import type { OpenService } from '../../../licensing/service-recipe.ts';
import type { FileOutcome } from '../../bulk/outcome.ts';
import type { PerformTask } from '../../bulk/run/lane.ts';
import type { FileTasksStart, FromThread, ToThread } from '../../bulk/run/thread-messages.ts';
import { workThrough } from '../../bulk/run/work-through.ts';
import type { TaskContext } from '../../bulk/task-context.ts';
import { licensingOver } from '../licensing-port.ts';
import type { JobContext } from '../worker-jobs.ts';

type SentOutcome = { readonly ticket: number; readonly outcome: FileOutcome | undefined };

/** What the job is made of beside the work on one task. */
export interface FileTasksJobOptions {
  readonly makeContext?: (() => TaskContext) | undefined;
  /** Opens services in this thread; by default all are asked through the port. */
  readonly openService?: OpenService | undefined;
}

/**
 * The long job of a thread in a bulk run: takes tasks through a port, works on several at once, and gives back what came of
 * them, those of one turn together.
 */
export const fileTasksJob =
  (perform: PerformTask, { makeContext = () => ({}), openService }: FileTasksJobOptions = {}) =>
  async (
    { tasks, licensing, recipe, concurrency }: FileTasksStart,
    job: Pick<JobContext, 'signal'>,
  ): Promise<void> => {
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    const own = recipe && (await openService?.(recipe).catch(() => undefined));
    const service = own?.service ?? (licensing && licensingOver(licensing));
    let outcomes: SentOutcome[] = [];
    const send = (message: FromThread): void => tasks.postMessage(message);
    const sendOutcomes = (): void => {
      if (outcomes.length > 0) send({ kind: 'outcomes', outcomes });
      outcomes = [];
    };
    const gather = (ticket: number, outcome: FileOutcome | undefined): void => {
      if (outcomes.length === 0) setImmediate(sendOutcomes);
      outcomes.push({ ticket, outcome });
    };
    const work = workThrough(perform, { ...makeContext(), service, signal: controller.signal }, concurrency, {
      settled: gather,
      returned: (ticket) => gather(ticket, undefined),
    });

    job.signal.addEventListener('abort', abort, { once: true });
    // While the service was being opened, nobody listened.
    if (job.signal.aborted) abort();
    const ended = new Promise<void>((resolve) => {
      tasks.on('message', (message: ToThread) => {
        if (message.kind === 'tasks') work.give(message.tasks);
        else if (message.kind === 'abort') abort();
        else resolve();
      });
      // Whoever gave the tasks is gone.
      tasks.on('close', () => {
        abort();
        resolve();
      });
    });
    send({ kind: 'ready' });
    await ended;
    await work.idle();
    sendOutcomes();
    job.signal.removeEventListener('abort', abort);
    licensing?.close();
    tasks.close();
    await own?.close();
  };
