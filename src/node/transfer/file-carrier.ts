import { availableParallelism } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { SealwrightError } from '../../errors.ts';
import type { ContentCarrier } from '../../protection/index.ts';
import { createWorkerPool } from '../workers/create-worker-pool.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { threadedCarrier } from './threaded-carrier.ts';

/** Options of whatever moves the content of files. */
export interface FileThreadsOptions {
  /**
   * Threads that work on one large file at once; with 0 or 1 it is this thread alone. By default one a processor, up to
   * four; in a worker thread, none (spec/files.md, "Large files").
   */
  readonly threads?: number | undefined;
}

/** More threads than this wait for the disk, not for the processor. */
const mostByDefault = 4;

/** Asked once: it is a call of the system. In a worker thread, other threads do the same work. */
const threadsByDefault = isMainThread ? Math.min(mostByDefault, availableParallelism()) : 1;

let pool: WorkerPool | undefined;

/** The carrier for the content of a file: the one that was brought, or one over the threads that a process shares. */
export function fileCarrier({
  threads,
  carrier,
}: FileThreadsOptions & { readonly carrier?: ContentCarrier | undefined }): ContentCarrier | undefined {
  if (threads !== undefined && !(Number.isSafeInteger(threads) && threads >= 0))
    throw new SealwrightError('INVALID_ARGUMENT', `threads is a whole number from 0, not ${threads}.`);
  if (carrier !== undefined) return carrier;
  const wanted = threads ?? threadsByDefault;
  if (wanted < 2) return undefined;
  // What carries contents makes next to no objects but the results of ciphers: 45 MiB less at two threads.
  pool ??= createWorkerPool({ threads: Math.max(2, availableParallelism()), youngMemory: 1 });
  return threadedCarrier(pool, { threads: wanted });
}
