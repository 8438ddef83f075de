import type { OpenService } from '../../../licensing/service-recipe.ts';
import { carrierHere } from '../../../protection/index.ts';
import { performTask } from '../../bulk/perform-task.ts';
import { createFlushGroup } from '../../flush-group.ts';
import { smallContentCarrier } from '../../small-carrier.ts';
import { fileTasksJob } from './file-tasks.ts';

/** The job `file-tasks` of the threads of this library. */
export const performFileTasks = (openService: OpenService) =>
  fileTasksJob(performTask, {
    openService,
    makeContext: () => ({ flush: createFlushGroup(), carrier: smallContentCarrier(carrierHere) }),
  });
