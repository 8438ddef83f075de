import { Worker } from 'node:worker_threads';
import { systemCodeOf } from '../file-error.ts';
import {
  type MessageFromWorker,
  type MessageToWorker,
  type WorkerStart,
  workerProtocol,
} from './worker-messages.ts';
import type { WorkerPoolOptions } from './worker-pool.ts';

/** One thread, from its start to its end. */
export interface WorkerThread {
  send(message: MessageToWorker, transfer?: readonly (ArrayBuffer | MessagePort)[]): void;
  /** Tells job `number` to stop, whether it looks at messages or not. */
  stop(number: number): void;
  /** Whether the thread keeps the process alive. */
  hold(on: boolean): void;
  /** Ends the thread at once; resolves when nothing runs in it any more. */
  end(): Promise<void>;
}

/** What is heard of a thread. */
export interface ThreadEvents {
  onMessage(message: MessageFromWorker): void;
  /** Called once, when the thread has ended. */
  onEnd(why: string): void;
}

/** Starts a thread. One that cannot be started ends, as any other. */
export function startThread(
  script: URL,
  { memory, youngMemory }: Pick<WorkerPoolOptions, 'memory' | 'youngMemory'>,
  { onMessage, onEnd }: ThreadEvents,
): WorkerThread {
  const stopFlag = new SharedArrayBuffer(4);
  const start: WorkerStart = { protocol: workerProtocol, stopFlag };
  let why: string | undefined;
  let worker: Worker;
  try {
    // What this process was started with, such as loaders of sources, is not for a script that is finished.
    worker = new Worker(script, {
      workerData: start,
      execArgv: [],
      argv: [],
      resourceLimits: {
        ...(memory !== undefined && { maxOldGenerationSizeMb: memory }),
        ...(youngMemory !== undefined && { maxYoungGenerationSizeMb: youngMemory }),
      },
    });
  } catch (error) {
    queueMicrotask(() => onEnd(reasonOf(error)));
    return { send: nothing, stop: nothing, hold: nothing, end: async () => undefined };
  }
  worker.on('message', onMessage);
  worker.on('messageerror', (error) => {
    why ??= reasonOf(error);
    void worker.terminate();
  });
  worker.on('error', (error) => {
    why ??= reasonOf(error);
  });
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      onEnd(why ?? `it exited with code ${code}`);
      resolve();
    });
  });
  return {
    send: (message, transfer) => worker.postMessage(message, transfer as ArrayBuffer[] | undefined),
    stop(number) {
      Atomics.store(new Int32Array(stopFlag), 0, number);
      worker.postMessage({ kind: 'abort', number } satisfies MessageToWorker);
    },
    hold: (on) => (on ? worker.ref() : worker.unref()),
    async end() {
      worker.ref();
      void worker.terminate();
      await ended;
    },
  };
}

const nothing = (): void => undefined;

/** Why a thread ended, without what its error quotes. */
function reasonOf(error: unknown): string {
  const code = systemCodeOf(error);
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'it ran out of memory';
  if (code !== undefined) return `the system reports ${code}`;
  return error instanceof Error && /^\w{1,64}$/.test(error.name) ? `${error.name}` : 'it failed';
}
