import type { WaitOptions } from '../../bytes/index.ts';

/** Options of a pool. */
export interface WorkerPoolOptions {
  /** Most threads at once, beside the one that asks; by default one a processor. */
  readonly threads?: number | undefined;
  /** How long a thread that has nothing to do is kept, in milliseconds; by default 2,000. It never keeps the process alive. */
  readonly idleMilliseconds?: number | undefined;
  /** Where the script of the threads is, for programs that are bundled into one file; by default beside this library. */
  readonly script?: URL | undefined;
}

/** What one job is given besides its own data. */
export interface JobOptions extends WaitOptions {
  /** Memory and ports that move to the thread. */
  readonly transfer?: readonly (ArrayBuffer | MessagePort)[] | undefined;
  /** Called with what the job reports while it runs. */
  readonly onReport?: ((report: unknown) => void) | undefined;
}

/**
 * Threads that carry out jobs by name. A thread that crashes fails its job with `WORKER_FAILED` and is replaced.
 * Each thread does one job at a time; jobs that can overlap take several things at once themselves.
 */
export interface WorkerPool {
  readonly threads: number;
  /** Whether threads can be had at all; false where the script is missing or the system refuses. Then `run` rejects. */
  readonly available: boolean;
  /** Carries out the job `name` of `worker-jobs.ts` in the next free thread; its errors come back with their codes. */
  run<Result>(name: string, data: unknown, options?: JobOptions): Promise<Result>;
  /** Ends the threads once they are idle, or at once with `force`. */
  close(force?: boolean): Promise<void>;
}
