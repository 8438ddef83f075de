import { SealwrightError } from '../../../errors.ts';
import { type Inspection, inspect } from '../../../protection/index.ts';
import type { FileOutcome } from '../outcome.ts';
import { hasTemplate } from '../perform/evidence.ts';
import { notMessage } from '../perform/not-a-message.ts';
import { notProtected } from '../perform/not-protected.ts';
import { finishedEarlier, notProtectedOnceMore } from '../perform/protected-already.ts';
import { choiceOf } from '../perform/service-options.ts';
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
    const { task, source, found } = stored;
    if (found.protected) {
      return protectedInThisRun(found, task)
        ? finishedEarlier(task, task.path, found, source.size)
        : notProtectedOnceMore(task, found);
    }
    if (task.settings.dryRun) return wouldBePublished(stored);
    return (await finishProtected(stored)) ?? writeProtected(stored);
  },
  async reprotect(stored) {
    const { task, source, found } = stored;
    if (!found.protected) return notProtected(task);
    // Without a template the former policy and the new one look alike: in doubt it is given once more.
    if (task.settings.template !== undefined && protectedInThisRun(found, task))
      return finishedEarlier(task, task.path, found, source.size);
    if (hasTemplate(found, task)) return notProtectedOnceMore(task, found);
    return task.settings.dryRun ? wouldBePublished(stored) : writeReprotected(stored);
  },
  unprotect: opened,
  open: opened,
  inspect: async ({ task, source, found }) => done(task, { bytesIn: source.size, inspection: found }),
};

async function opened(stored: StoredTask): Promise<FileOutcome> {
  if (!stored.found.protected) return notProtected(stored.task);
  if (stored.task.settings.dryRun) return wouldBeDone(stored);
  return (await finishOpened(stored)) ?? writeOpened(stored);
}

const wouldBePublished = async (stored: StoredTask): Promise<FileOutcome> =>
  (await choiceOf(stored.task, stored.context, stored.source)) === undefined
    ? notMessage(stored.task)
    : wouldBeDone(stored);

const wouldBeDone = ({ task, source }: StoredTask): FileOutcome =>
  skipped(task, 'dry-run', undefined, { bytesIn: source.size });
