import { performTask } from '../../bulk/perform-task.ts';
import { createFlushGroup } from '../../flush-group.ts';
import { fileTasksJob } from './file-tasks.ts';

/** The job `file-tasks` of the threads of this library. */
export const performFileTasks = fileTasksJob(performTask, () => ({ flush: createFlushGroup() }));
