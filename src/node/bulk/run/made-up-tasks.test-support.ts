import { parentPort, threadId, workerData } from 'node:worker_threads';
import { SealwrightError } from '../../../errors.ts';
import { definePolicy } from '../../../rights/index.ts';
import { fileTasksJob } from '../../workers/jobs/file-tasks.ts';
import { runJobs } from '../../workers/run-jobs.ts';
import type { WorkerJob } from '../../workers/worker-jobs.ts';
import { type WorkerStart, workerProtocol } from '../../workers/worker-messages.ts';
import type { FileTask } from '../task.ts';
import type { PerformTask } from './lane.ts';

/** Does with made-up files what their names say; as a script of threads, too. `output` tells the thread, `bytesIn` whether it was resumed. */
export const performMadeUp: PerformTask = async (task, { signal, service }) => {
  const { number, path } = task;
  await new Promise((resolve) => setImmediate(resolve));
  const what = path.split('/')[0];
  if (what === 'fail') throw new SealwrightError('PERMISSION_DENIED', `${path} may not be read.`, { path });
  if (what === 'stumble') throw new TypeError(`secret of ${path}`);
  if (what === 'exit' && threadId !== 0) process.exit(3);
  if (what === 'exit-once' && threadId !== 0 && !task.resumed) process.exit(3);
  if (what === 'wait')
    await new Promise((_, reject) => {
      const give = (): void => reject(signal?.reason);
      if (signal?.aborted === true) give();
      signal?.addEventListener('abort', give);
    });
  if (what === 'publish') {
    const policy = definePolicy({ grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] });
    const published = await service?.publish({ policy, contentName: path }, { signal });
    return { number, path, status: 'done', contentId: published?.contentId, output: String(threadId) };
  }
  return { number, path, status: 'done', output: String(threadId), bytesIn: task.resumed ? 1 : 0 };
};

export const madeUpTask = (number: number, path = `fine/${number}`): FileTask => ({
  number,
  path,
  relativePath: path,
  settings: { operation: 'protect' },
  runStartedAt: '2026-05-04T10:00:00.000Z',
  resumed: false,
});

if (parentPort !== null && (workerData as WorkerStart | null)?.protocol === workerProtocol)
  runJobs(parentPort, workerData as WorkerStart, {
    'file-tasks': async () => fileTasksJob(performMadeUp) as WorkerJob,
  });
