import { parentPort, workerData } from 'node:worker_threads';
import { runJobs } from '../workers/run-jobs.ts';
import { type WorkerStart, workerProtocol } from '../workers/worker-messages.ts';
import { carryRange } from './carry-range.ts';
import { freeThreadJobName, type RangeJob, rangeJobName } from './range-job.ts';

/** A script of threads that do as they should until they come past the middle of a content, where they end. */
if (parentPort !== null && (workerData as WorkerStart).protocol === workerProtocol)
  runJobs(parentPort, workerData as WorkerStart, {
    [freeThreadJobName]: async () => () => undefined,
    [rangeJobName]: async () => (job: RangeJob, context) =>
      job.start > job.size / 2 ? process.exit(9) : carryRange(job, context),
  });
