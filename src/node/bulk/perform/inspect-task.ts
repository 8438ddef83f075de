import { statSync } from 'node:fs';
import { inspectFile } from '../../inspect-file.ts';
import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import type { TaskContext } from '../task-context.ts';
import { done } from './settle.ts';

/** Tells what one file says without a key. */
export async function inspectTask(task: FileTask, { signal }: TaskContext): Promise<FileOutcome> {
  const inspection = await inspectFile(task.path, { signal });
  return done(task, {
    contentId: inspection.contentId ?? undefined,
    bytesIn: statSync(task.path, { throwIfNoEntry: false })?.size,
    inspection,
  });
}
