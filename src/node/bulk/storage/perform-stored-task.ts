import { SealwrightError } from '../../../errors.ts';
import { type Inspection, inspect } from '../../../protection/index.ts';
import type { FileOutcome } from '../outcome.ts';
import { hasTemplate } from '../perform/evidence.ts';
import { done, failed, skipped } from '../perform/settle.ts';
import type { BulkOperation, FileTask } from '../task.ts';
import type { TaskContext } from '../task-context.ts';
import { finishOpened, finishProtected, lostInput, protectedInThisRun } from './earlier-attempt.ts';
import type { FileStorage, StoredSource } from './file-storage.ts';
import { writeOpened, writeProtected, writeReprotected } from './write-stored.ts';

/** A task on a stored file that is open. */
export interface StoredTask {
  readonly task: FileTask;
  readonly context: TaskContext;
  readonly storage: FileStorage;
  readonly source: StoredSource;
  /** What the file says without a key. */
  readonly found: Inspection;
}

/**
 * Does in a storage what `performTask` does on paths, with the same outcomes. A file that gets another name in place is
 * written under the new one first, and then the old one is removed: whoever dies in between leaves both, and the next
 * attempt removes the old one (spec/bulk.md, "Storage").
 *
 * @throws the signal's reason when aborted, and nothing else
 */
export async function performStoredTask(
  task: FileTask,
  context: TaskContext,
  storage: FileStorage,
): Promise<FileOutcome> {
  const started = performance.now();
  try {
    const outcome = await attempt(task, context, storage);
    return Object.freeze({ ...outcome, milliseconds: performance.now() - started });
  } catch (error) {
    if (context.signal?.aborted) throw error;
    return Object.freeze({ ...failed(task, error), milliseconds: performance.now() - started });
  }
}

async function attempt(task: FileTask, context: TaskContext, storage: FileStorage): Promise<FileOutcome> {
  const { signal } = context;
  if (task.settings.label !== undefined)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'Labels cannot be set in a storage: leave the label out, or work on paths.',
    );
  let source: StoredSource;
  try {
    source = await storage.open(task.path, { signal });
  } catch (error) {
    const made = await lostInput(task, context, storage);
    if (made === undefined) throw error;
    return made;
  }
  try {
    const found = await inspect(source, { signal });
    return await operations[task.settings.operation]({ task, context, storage, source, found });
  } finally {
    await source.close();
  }
}

const operations: Readonly<Record<BulkOperation, (stored: StoredTask) => Promise<FileOutcome>>> = {
  async protect(stored) {
    const { task, found } = stored;
    if (!found.protected) return (await finishProtected(stored)) ?? writeProtected(stored);
    if (protectedInThisRun(found, task)) return finishedEarlier(stored);
    return hasTemplate(found, task)
      ? skipped(task, 'protected-as-asked', undefined, idOf(found))
      : skipped(task, 'already-protected', undefined, idOf(found));
  },
  async reprotect(stored) {
    const { task, found } = stored;
    if (!found.protected) return skipped(task, 'not-protected');
    if (task.settings.template !== undefined && protectedInThisRun(found, task))
      return finishedEarlier(stored);
    return hasTemplate(found, task)
      ? skipped(task, 'protected-as-asked', undefined, idOf(found))
      : writeReprotected(stored);
  },
  unprotect: opened,
  open: opened,
  inspect: async ({ task, source, found }) => done(task, { bytesIn: source.size, inspection: found }),
};

async function opened(stored: StoredTask): Promise<FileOutcome> {
  if (!stored.found.protected) return skipped(stored.task, 'not-protected');
  return (await finishOpened(stored)) ?? writeOpened(stored);
}

const finishedEarlier = ({ task, source, found }: StoredTask): FileOutcome =>
  done(task, { output: task.path, bytesOut: source.size, finishedEarlier: true, ...idOf(found) });

const idOf = ({ contentId }: Inspection) => (contentId === null ? {} : { contentId });
