import type { MessagePort } from 'node:worker_threads';
import { SealwrightError } from '../../errors.ts';
import { packError } from './packed-error.ts';
import type { JobContext, WorkerJob } from './worker-jobs.ts';
import type { MessageFromWorker, MessageToWorker, WorkerStart } from './worker-messages.ts';

/** Carries out in this thread what comes through `port`. */
export function runJobs(
  port: MessagePort,
  { stopFlag }: WorkerStart,
  jobs: Readonly<Record<string, () => Promise<WorkerJob>>>,
): void {
  const flag = new Int32Array(stopFlag);
  const running = new Map<number, AbortController>();
  const say = (message: MessageFromWorker): void => port.postMessage(message);

  async function run(number: number, name: string, data: unknown): Promise<void> {
    const controller = new AbortController();
    const context: JobContext = {
      signal: controller.signal,
      throwIfAborted() {
        if (Atomics.load(flag, 0) === number) controller.abort();
        controller.signal.throwIfAborted();
      },
      report: (report) => say({ kind: 'report', number, report }),
    };
    running.set(number, controller);
    try {
      const job = await loadJob(jobs, name);
      const result: unknown = await job(data as never, context);
      say({ kind: 'done', number, result });
    } catch (error) {
      say({ kind: 'failed', number, error: packError(error, name) });
    } finally {
      running.delete(number);
    }
  }

  port.on('message', (message: MessageToWorker) => {
    if (message.kind === 'abort') running.get(message.number)?.abort();
    else void run(message.number, message.name, message.data);
  });
  say({ kind: 'ready' });
}

async function loadJob(
  jobs: Readonly<Record<string, () => Promise<WorkerJob>>>,
  name: string,
): Promise<WorkerJob> {
  const load = Object.hasOwn(jobs, name) ? jobs[name] : undefined;
  if (load === undefined) throw new SealwrightError('INVALID_ARGUMENT', `There is no job called "${name}".`);
  return load();
}
