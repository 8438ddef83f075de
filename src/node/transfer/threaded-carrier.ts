import { wipe } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import {
  type CarriedCipher,
  type ContentCarrier,
  type ContentJourney,
  carrierHere,
  type TransferOptions,
} from '../../protection/index.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { carryRangeHere } from './carry-range-here.ts';
import { freeThreadJobName, type RangeJob, rangeJobName } from './range-job.ts';
import { planRanges, type RangePlan } from './range-plan.ts';
import { type SharedFile, type SharedSink, sharedSink, sharedSource } from './shared-file.ts';

/** Contents below this many bytes are done before a thread has begun. */
const smallestCarried = 16 * 1024 * 1024;

/** Options of {@link threadedCarrier}. */
export interface ThreadedCarrierOptions {
  /** Most threads that work on one content; by default all of the pool. */
  readonly threads?: number | undefined;
  /** Contents of fewer bytes are carried in this thread; by default 16 MiB. */
  readonly smallest?: number | undefined;
  /**
   * Bytes that a thread reads at once; by default what was measured to be fastest, 1 or 2 MiB by cipher mode. Each
   * thread has one or two buffers of that size.
   */
  readonly windowLength?: number | undefined;
}

/**
 * A carrier that gives contents which go from file to file to the threads of `pool`, each with ranges of its own. Whatever
 * is small, comes from elsewhere or goes elsewhere is carried in this thread, and so is everything if there are no
 * threads to be had. The bytes are the same either way.
 *
 * @throws SealwrightError when it carries: as carrying in this thread does, and `WORKER_FAILED`
 * @see spec/files.md, "Large files"
 *
 * @example
 * ```ts
 * import { createWorkerPool, protectFile, threadedCarrier } from 'sealwright/node';
 * const pool = createWorkerPool({ threads: 2 });
 * await protectFile('film.mp4', { service, template: staffOnly.id, carrier: threadedCarrier(pool) });
 * await pool.close();
 * ```
 */
export function threadedCarrier(pool: WorkerPool, options: ThreadedCarrierOptions = {}): ContentCarrier {
  const { smallest = smallestCarried, windowLength } = options;
  const threads = Math.min(options.threads ?? pool.threads, pool.threads);
  return Object.freeze<ContentCarrier>({
    carry(journey, transfer) {
      const road = threads > 1 && pool.available ? roadOf(journey, smallest) : undefined;
      if (road === undefined) return carrierHere.carry(journey, transfer);
      const plan = planRanges(road.size, threads, journey.transform, windowLength);
      return carryInThreads(pool, threads, road, plan, journey, transfer);
    },
  });
}

/** What threads need of a journey. */
interface Road {
  readonly cipher: CarriedCipher;
  readonly size: number;
  readonly source: { readonly share: () => SharedFile; readonly offset: number };
  readonly sink: () => SharedSink;
}

/** The journey as threads can make it, if they can and it is worth it. */
function roadOf({ source, sink, cipher }: ContentJourney, smallest: number): Road | undefined {
  const { size, origin = { source, offset: 0 } } = source;
  if (cipher === undefined || size === undefined || size < smallest) return undefined;
  const share = sharedSource(origin.source);
  const target = sharedSink(sink);
  return share && target && { cipher, size, source: { share, offset: origin.offset }, sink: target };
}

async function carryInThreads(
  pool: WorkerPool,
  threads: number,
  road: Road,
  plan: RangePlan,
  journey: ContentJourney,
  transfer: TransferOptions,
): Promise<number> {
  // Other threads may still write when this one fails: nothing is closed, and no key given up, before they have stopped.
  const source = road.source.share();
  let sink: SharedSink | undefined;
  const cipher = { ...road.cipher, key: sharedKey(road.cipher.key) };
  try {
    sink = road.sink();
    const whole: WholeJob = {
      cipher,
      source: { descriptor: source.number, offset: road.source.offset, operation: source.operation },
      sink: { descriptor: sink.number, offset: sink.position, operation: sink.operation },
      size: road.size,
      ...plan,
    };
    const written = await carryRanges(pool, threads, whole, journey, transfer);
    sink.advance(written);
    return written;
  } catch (error) {
    if (!isNoThread(error)) throw error;
    return await carrierHere.carry(journey, transfer);
  } finally {
    wipe(cipher.key);
    source.release();
    sink?.release();
  }
}

/** One copy of the key that all threads read, so that it can be wiped here, whatever becomes of them. */
function sharedKey(key: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(key.length));
  shared.set(key);
  return shared;
}

/** Whether this thread carries ranges itself just now. */
let helping = false;

type WholeJob = Omit<RangeJob, 'start' | 'length'> & { readonly rangeLength: number };

/** Hands out range after range; gives the bytes written when all are done, or the first failure when all have stopped. */
async function carryRanges(
  pool: WorkerPool,
  threads: number,
  { rangeLength, ...job }: WholeJob,
  journey: ContentJourney,
  { signal, onProgress }: TransferOptions,
): Promise<number> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  /** Aborted when nothing is left to wait for a thread for. */
  const enough = new AbortController();
  const onAbort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  let next = 0;
  let done = 0;
  let written = 0;

  async function carryNext(carry: (range: RangeJob) => Promise<number>): Promise<void> {
    journey.admit?.();
    const start = next;
    const length = Math.min(rangeLength, job.size - start);
    next += length;
    const count = await carry({ ...job, start, length });
    written += count;
    done += length;
    onProgress?.(done, job.size);
    if (done === job.size) enough.abort();
  }

  async function byThread(): Promise<void> {
    // A range is taken only when there is somebody to carry it.
    const waiting = AbortSignal.any([stop.signal, enough.signal]);
    await pool.run(freeThreadJobName, undefined, { signal: waiting });
    while (next < job.size)
      await carryNext((range) => pool.run<number>(rangeJobName, range, { signal: stop.signal }));
  }

  /** While the threads start, this one does what it can; one content at a time, so that memory has a bound. */
  async function byThisThread(): Promise<void> {
    if (helping) return;
    helping = true;
    try {
      while (pool.starting && next < job.size && !stop.signal.aborted)
        await carryNext((range) => carryRangeHere(range, journey, stop.signal));
    } finally {
      helping = false;
    }
  }

  // Aborting the others makes them fail with the reason of the first.
  const hands = [...Array.from({ length: threads }, byThread), byThisThread()].map((hand) =>
    hand.catch((error: unknown) => {
      if (done < job.size) stop.abort(error);
    }),
  );
  try {
    await Promise.all(hands);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
  stop.signal.throwIfAborted();
  return written;
}

const isNoThread = (error: unknown): boolean =>
  error instanceof SealwrightError && error.code === 'WORKER_FAILED' && error.details.reason === 'no-thread';
