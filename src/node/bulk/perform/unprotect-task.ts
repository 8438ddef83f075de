import { isSecondName, settleName } from '../../place-file.ts';
import { removeProtectionFromFile, type UnprotectedFile } from '../../remove-protection-from-file.ts';
import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import type { TaskContext } from '../task-context.ts';
import { openedEarlier, openedInPlace } from './earlier-content.ts';
import { notProtected } from './not-protected.ts';
import { placement } from './placement.ts';
import { isRefusal } from './refusal.ts';
import { serviceOf } from './service-options.ts';
import { done } from './settle.ts';

/** Removes the protection of one file. */
export async function unprotectTask(task: FileTask, context: TaskContext): Promise<FileOutcome> {
  const { path, resumed } = task;
  const { signal, carrier } = context;
  const options = { ...placement(task, context), service: serviceOf(task, context), signal, carrier };
  try {
    return unprotected(task, await removeProtectionFromFile(path, options));
  } catch (error) {
    if (resumed && options.inPlace) {
      const earlier = await inPlace(task, context, error);
      if (earlier !== undefined && 'goOnAt' in earlier)
        return unprotected(task, await removeProtectionFromFile(earlier.goOnAt, options));
      if (earlier !== undefined) return earlier;
    }
    if (isRefusal(error, 'NOT_PROTECTED')) return notProtected(task, error);
    if (resumed && !options.inPlace && isRefusal(error, 'OUTPUT_EXISTS')) {
      const earlier = await openedEarlier(task, context, error.details.path ?? '');
      if (earlier === 'again')
        return unprotected(task, await removeProtectionFromFile(path, { ...options, overwrite: true }));
      if (earlier !== undefined) return earlier;
    }
    throw error;
  }
}

/** How far an earlier attempt in place got. */
async function inPlace(
  task: FileTask,
  context: TaskContext,
  error: unknown,
): Promise<FileOutcome | { readonly goOnAt: string } | undefined> {
  if (isRefusal(error, 'FILE_NOT_FOUND', 'NOT_PROTECTED')) return openedInPlace(task, context);
  const { path: other = '' } = isRefusal(error, 'INVALID_ARGUMENT') ? error.details : {};
  if (other === '' || other === task.path || !isSecondName(other, task.path)) return undefined;
  // The move to the plain name was interrupted between its two steps.
  settleName(other, task.path, false);
  return { goOnAt: task.path };
}

const unprotected = (task: FileTask, made: UnprotectedFile): FileOutcome =>
  done(task, {
    output: made.path,
    contentId: made.contentId,
    bytesIn: made.bytesIn,
    bytesOut: made.bytesOut,
  });
