import { parentPort, workerData } from 'node:worker_threads';
import type { OpenService } from '../../licensing/service-recipe.ts';
import { runJobs } from './run-jobs.ts';
import { workerJobs } from './worker-jobs.ts';
import type { WorkerStart, workerProtocol } from './worker-messages.ts';

/** Spelled out, because it has to stand in this file also where the build shares constants between files. */
const spoken: typeof workerProtocol = 'sealwright-worker-1';

/** Loaded only by threads that are to open an authority. */
const openService: OpenService = async (recipe) =>
  (await import('../../authority/folder/service-in-thread.ts')).openFolderService(recipe);

const start = workerData as WorkerStart | null;
// Whoever runs this script as a program, or as a thread of another version, gets nothing done.
if (parentPort !== null && start?.protocol === spoken) runJobs(parentPort, start, workerJobs(openService));
