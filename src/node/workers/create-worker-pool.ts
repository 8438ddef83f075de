import { availableParallelism } from 'node:os';
import { SealwrightError } from '../../errors.ts';
import { noThread, packError, threadEnded, unpackError } from './packed-error.ts';
import type { MessageFromWorker } from './worker-messages.ts';
import type { JobOptions, WorkerPool, WorkerPoolOptions } from './worker-pool.ts';
import { findWorkerScript, isWorkerScript } from './worker-script.ts';
import { startThread, type WorkerThread } from './worker-thread.ts';

/** A job that does not stop when it is told to loses its thread after this many milliseconds. */
const patience = 5_000;
/** Milliseconds until the system is asked again for threads that it refused. */
const refusalLasts = 60_000;

interface Job {
  readonly number: number;
  readonly name: string;
  readonly data: unknown;
  readonly options: JobOptions;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

interface Place {
  thread: WorkerThread;
  ready: boolean;
  job: Job | undefined;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Makes a pool of threads; none is started before there is a job. Threads that have had nothing to do for a while end,
 * and none keeps the process alive.
 *
 * @param options how many threads, how long they are kept, where their script is
 * @throws SealwrightError nothing itself; `run` rejects with `WORKER_FAILED`, `LIMIT_EXCEEDED` (too many jobs wait),
 * the signal's reason, and what the job fails with
 * @see spec/files.md, "Large files"
 *
 * @example
 * ```ts
 * import { createWorkerPool } from 'sealwright/node';
 * const pool = createWorkerPool({ threads: 2 });
 * console.log(pool.available); // false where the script of the threads is missing
 * await pool.close();
 * ```
 */
export function createWorkerPool(options: WorkerPoolOptions = {}): WorkerPool {
  const threads = Math.max(1, Math.trunc(options.threads ?? availableParallelism()));
  const { idleMilliseconds = 2_000, queue = 10_000 } = options;
  const script = scriptOf(options.script);
  const places = new Set<Place>();
  const waiting: Job[] = [];
  let numbers = 0;
  let closed: Promise<void> | undefined;
  let whenIdle: (() => void) | undefined;
  /** Threads the system would not give more of, and until when it is not asked again. */
  let refused = { most: threads, until: 0 };

  const limit = (): number => (performance.now() < refused.until ? refused.most : threads);
  const working = (): number => [...places].filter(({ job }) => job !== undefined).length;

  function startPlace(): void {
    let place: Place;
    const thread = startThread(script as URL, options, {
      onMessage: (message) => hear(place, message),
      onEnd: (why) => lose(place, why),
    });
    place = { thread, ready: false, job: undefined, timer: undefined };
    places.add(place);
  }

  function dispatch(): void {
    for (const place of places) {
      if (!place.ready || place.job !== undefined) continue;
      const job = waiting.shift();
      if (job === undefined) rest(place);
      else assign(place, job);
    }
    const starting = [...places].filter(({ ready }) => !ready).length;
    const wanted = Math.min(waiting.length - starting, limit() - places.size);
    for (let n = 0; n < wanted; n++) startPlace();
    if (waiting.length === 0 && working() === 0) whenIdle?.();
  }

  function assign(place: Place, job: Job): void {
    clearTimeout(place.timer);
    place.timer = undefined;
    place.job = job;
    place.thread.hold(true);
    try {
      const { number, name, data } = job;
      place.thread.send({ kind: 'job', number, name, data }, job.options.transfer);
    } catch (error) {
      place.job = undefined;
      job.reject(unpackError(packError(error, job.name)));
      queueMicrotask(dispatch);
    }
  }

  /** Nothing to do: the thread may end, and the process with it. */
  function rest(place: Place): void {
    if (place.timer !== undefined) return;
    place.thread.hold(false);
    place.timer = setTimeout(() => {
      places.delete(place);
      void place.thread.end();
    }, idleMilliseconds).unref();
  }

  function hear(place: Place, message: MessageFromWorker): void {
    if (message.kind === 'ready') {
      place.ready = true;
      dispatch();
      return;
    }
    const { job } = place;
    if (job?.number !== message.number) return;
    if (message.kind === 'report') {
      job.options.onReport?.(message.report);
      return;
    }
    clearTimeout(place.timer);
    place.timer = undefined;
    place.job = undefined;
    if (message.kind === 'done') job.resolve(message.result);
    else job.reject(job.options.signal?.aborted ? job.options.signal.reason : unpackError(message.error));
    dispatch();
  }

  function lose(place: Place, why: string): void {
    clearTimeout(place.timer);
    places.delete(place);
    const { job } = place;
    if (job !== undefined) {
      const { signal } = job.options;
      job.reject(signal?.aborted ? signal.reason : threadEnded(job.name, why));
    }
    if (!place.ready) {
      refused = { most: places.size, until: performance.now() + refusalLasts };
      if (places.size === 0) for (const left of waiting.splice(0)) left.reject(noThread(left.name));
    }
    dispatch();
  }

  /** Called when a signal fires: at once for a job that waits; a job that runs has to end first. */
  function abort(job: Job): void {
    const at = waiting.indexOf(job);
    if (at >= 0) {
      waiting.splice(at, 1);
      job.reject(job.options.signal?.reason);
      dispatch();
      return;
    }
    const place = [...places].find((candidate) => candidate.job === job);
    if (place === undefined) return;
    place.thread.stop(job.number);
    place.timer = setTimeout(() => void place.thread.end(), patience).unref();
  }

  function run<Result>(name: string, data: unknown, jobOptions: JobOptions = {}): Promise<Result> {
    const { signal } = jobOptions;
    return new Promise<Result>((resolve, reject) => {
      signal?.throwIfAborted();
      if (closed !== undefined) throw threadEnded(name, 'the pool was closed before it began');
      if (script === undefined || limit() === 0) throw noThread(name);
      if (waiting.length >= queue) throw queueFull(queue);
      numbers = (numbers % 0x7fff_fffe) + 1;
      const settled = (): void => signal?.removeEventListener('abort', onAbort);
      const job: Job = {
        number: numbers,
        name,
        data,
        options: jobOptions,
        resolve: (result) => {
          settled();
          resolve(result as Result);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      const onAbort = (): void => abort(job);
      signal?.addEventListener('abort', onAbort, { once: true });
      waiting.push(job);
      dispatch();
    });
  }

  async function end(force: boolean): Promise<void> {
    if (force) for (const job of waiting.splice(0)) job.reject(threadEnded(job.name, 'the pool was closed'));
    else if (waiting.length > 0 || working() > 0)
      await new Promise<void>((resolve) => {
        whenIdle = resolve;
      });
    await Promise.all([...places].map(({ thread }) => thread.end()));
  }

  return Object.freeze({
    threads,
    get available() {
      return closed === undefined && script !== undefined && limit() > 0;
    },
    get starting() {
      return places.size > 0 && [...places].every(({ ready }) => !ready);
    },
    run,
    async close(force = false) {
      const before = closed;
      closed = before !== undefined && !force ? before : end(force);
      await closed;
      await before;
    },
  });
}

function scriptOf(chosen: URL | undefined): URL | undefined {
  if (chosen === undefined) return findWorkerScript();
  return isWorkerScript(chosen) ? chosen : undefined;
}

const queueFull = (most: number): SealwrightError =>
  new SealwrightError(
    'LIMIT_EXCEEDED',
    `${most} jobs wait for a worker thread already. Wait for some of them before asking for more.`,
  );
