import type { WaitOptions } from '../../bytes/index.ts';

/** Options of a pool. */
export interface WorkerPoolOptions {
  /** Most threads at once, beside the one that asks; by default one a processor. */
  readonly threads?: number | undefined;
  /** How long a thread that has nothing to do is kept, in milliseconds; by default 2,000. It never keeps the process alive. */
  readonly idleMilliseconds?: number | undefined;
  /** Where the script of the threads is, for programs that are bundled into one file; by default beside this library. */
  readonly script?: URL | undefined;
  /** Most memory for the objects of one thread, in MiB; by default what the runtime gives. Buffers do not count. */
  readonly memory?: number | undefined;
  /**
   * How much of that is for objects that were just made, in MiB; by default what the runtime gives. With little of
   * it, the buffers that ciphers give their results in are given back soon.
   */
  readonly youngMemory?: number | undefined;
  /** Most jobs that wait for a thread; by default 10,000. */
  readonly queue?: number | undefined;
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
 * Each thread does one job at a time; jobs that can overlap take several things at once themselves. A job that
 * is aborted has ended when `run` rejects: nothing of it goes on in the background.
 */
export interface WorkerPool {
  readonly threads: number;
  /** Whether threads can be had at all; false where the script is missing or the system refuses. Then `run` rejects. */
  readonly available: boolean;
  /** Whether threads are being started and there is none yet; that takes some 50 milliseconds. */
  readonly starting: boolean;
  /**
   * Carries out the job `name` of `worker-jobs.ts` in the next free thread; its errors come back with their codes.
   * `WORKER_FAILED` with the reason `no-thread` says that the job was never begun, for want of any thread.
   */
  run<Result>(name: string, data: unknown, options?: JobOptions): Promise<Result>;
  /** Ends the threads once all jobs are done, or at once with `force`: their jobs then end with `WORKER_FAILED`. */
  close(force?: boolean): Promise<void>;
}
