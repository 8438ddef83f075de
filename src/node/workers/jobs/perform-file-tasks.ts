import type { OpenService } from '../../../licensing/service-recipe.ts';
import { performTask } from '../../bulk/perform-task.ts';
import { createFlushGroup } from '../../flush-group.ts';
import { fileTasksJob } from './file-tasks.ts';

/** The job `file-tasks` of the threads of this library. */
export const performFileTasks = (openService: OpenService) =>
  fileTasksJob(performTask, { openService, makeContext: () => ({ flush: createFlushGroup() }) });
