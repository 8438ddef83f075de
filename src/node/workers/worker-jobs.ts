import type { OpenService } from '../../licensing/service-recipe.ts';
import { freeThreadJobName, rangeJobName } from '../transfer/range-job.ts';

/** What a job can do besides its work. */
export interface JobContext {
  /** Aborted when whoever asked for the job no longer wants it. Seen only by jobs that wait now and then. */
  readonly signal: AbortSignal;
  /** Throws once the job is no longer wanted; also for jobs that never wait. */
  throwIfAborted(): void;
  /** Tells whoever asked for the job how it goes. */
  report(report: unknown): void;
}

/** What a thread can do. Its data and its result are plain data. */
export type WorkerJob = (data: never, context: JobContext) => unknown;

/**
 * The jobs there are, each loaded when a thread does it first.
 *
 * @param openService opens licensing services in the thread
 */
export const workerJobs = (openService: OpenService): Readonly<Record<string, () => Promise<WorkerJob>>> => ({
  [freeThreadJobName]: async () => () => undefined,
  [rangeJobName]: async () => (await import('../transfer/carry-range.ts')).carryRange,
  'file-tasks': async () => (await import('./jobs/perform-file-tasks.ts')).performFileTasks(openService),
});
