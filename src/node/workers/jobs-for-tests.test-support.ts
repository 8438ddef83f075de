import { parentPort, threadId, workerData } from 'node:worker_threads';
import { SealwrightError } from '../../errors.ts';
import { runJobs } from './run-jobs.ts';
import type { WorkerJob } from './worker-jobs.ts';
import { type WorkerStart, workerProtocol } from './worker-messages.ts';

/** A script of threads whose jobs fail in every way there is. */
const jobs: Record<string, WorkerJob> = {
  echo: (data: unknown) => data,
  thread: () => threadId,
  length: (data: { readonly bytes: ArrayBuffer }) => data.bytes.byteLength,
  pause: async (milliseconds: number) => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return threadId;
  },
  count(most: number, { report }) {
    for (let n = 1; n <= most; n++) report(n);
    return most;
  },
  refuse() {
    throw new SealwrightError('ACCESS_DENIED', 'Not you.', { rule: 'expired', offset: 7 });
  },
  stumble(secret: string) {
    JSON.parse(`{"password": ${secret}`);
  },
  exit: () => process.exit(3),
  uncaught() {
    setImmediate(() => {
      throw new TypeError('nobody catches this');
    });
    return new Promise(() => undefined);
  },
  exhaust() {
    // Small ones: at a loop that makes large arrays, Node 24 ends the process instead of the thread.
    const kept: unknown[] = [];
    for (;;) kept.push({ number: kept.length });
  },
  until: (flag: SharedArrayBuffer, { throwIfAborted }) => {
    const words = new Int32Array(flag);
    Atomics.store(words, 0, 1);
    for (;;) {
      throwIfAborted();
      Atomics.add(words, 1, 1);
    }
  },
  uncloneable: () => () => undefined,
  waitForSignal: (_: unknown, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    }),
};

if (parentPort !== null && (workerData as WorkerStart).protocol === workerProtocol)
  runJobs(
    parentPort,
    workerData as WorkerStart,
    Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, async () => job])),
  );
