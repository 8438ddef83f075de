import type { FileOutcome } from './outcome.ts';
import { dryRun } from './perform/dry-run.ts';
import { inspectTask } from './perform/inspect-task.ts';
import { labelTask, onlyLabels } from './perform/label-task.ts';
import { openTask } from './perform/open-task.ts';
import { protectTask } from './perform/protect-task.ts';
import { reprotectTask } from './perform/reprotect-task.ts';
import { failed } from './perform/settle.ts';
import { unprotectTask } from './perform/unprotect-task.ts';
import { performStoredTask } from './storage/perform-stored-task.ts';
import type { BulkOperation, FileTask } from './task.ts';
import type { TaskContext } from './task-context.ts';

type Work = (task: FileTask, context: TaskContext) => Promise<FileOutcome>;

const works: Readonly<Record<BulkOperation, Work>> = {
  protect: protectOrLabel,
  open: openTask,
  reprotect: reprotectTask,
  unprotect: unprotectTask,
  inspect: inspectTask,
};

/** A label without a policy is all that is to be set. */
function protectOrLabel(task: FileTask, context: TaskContext): Promise<FileOutcome> {
  const { label } = task.settings;
  return label !== undefined && onlyLabels(task.settings)
    ? labelTask(task, label, context)
    : protectTask(task, context);
}

/**
 * Carries out one task and says what came of it; a failure is an outcome, too. May be called again with the same task
 * after a crash at any moment, with `resumed` (spec/bulk.md, "What is skipped"): nothing is protected twice, nothing
 * whole is reported as failed, and no file that is not ours is replaced.
 *
 * @throws only the signal's reason, once `context.signal` is aborted
 */
export async function performTask(task: FileTask, context: TaskContext): Promise<FileOutcome> {
  const { signal, storage } = context;
  if (storage !== undefined) return performStoredTask(task, context, storage);
  const began = performance.now();
  signal?.throwIfAborted();
  let outcome: FileOutcome;
  try {
    outcome = await (task.settings.dryRun ? dryRun : works[task.settings.operation])(task, context);
  } catch (error) {
    signal?.throwIfAborted();
    outcome = failed(task, error);
  }
  return Object.freeze({ ...outcome, milliseconds: Math.round((performance.now() - began) * 1000) / 1000 });
}
