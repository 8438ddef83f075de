import { parentPort, workerData } from 'node:worker_threads';
import { openFolderService } from '../../authority/folder/service-in-thread.ts';
import { createFlushGroup } from '../flush-group.ts';
import { fileTasksJob } from '../workers/jobs/file-tasks.ts';
import { runJobs } from '../workers/run-jobs.ts';
import type { WorkerJob } from '../workers/worker-jobs.ts';
import { type WorkerStart, workerProtocol } from '../workers/worker-messages.ts';
import { performTask } from './perform-task.ts';

/** The script of the threads, but that a thread ends when it comes to certain files for the first time. */
const job = fileTasksJob(
  async (task, context) => {
    if (!task.resumed && /file (120|150|170)\.p?txt$/.test(task.path)) process.exit(9);
    return performTask(task, context);
  },
  { openService: openFolderService, makeContext: () => ({ flush: createFlushGroup() }) },
);

const start = workerData as WorkerStart;
if (start.protocol === workerProtocol && parentPort !== null)
  runJobs(parentPort, start, { 'file-tasks': async () => job as WorkerJob });
