import type { Inspection } from '../../../protection/index.ts';
import { inspectFile } from '../../inspect-file.ts';
import { reprotectFile } from '../../reprotect-file.ts';
import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import type { TaskContext } from '../task-context.ts';
import { protectionFromEarlier } from './earlier-protection.ts';
import { factsOf, hasTemplate, protectedInRun } from './evidence.ts';
import { notMessage } from './not-a-message.ts';
import { notProtected } from './not-protected.ts';
import { ownerOf } from './owner.ts';
import { protectedNow } from './protect-task.ts';
import { finishedEarlier, notProtectedOnceMore } from './protected-already.ts';
import { isRefusal } from './refusal.ts';
import { choiceOf, publishOptions } from './service-options.ts';

/** Gives one protected file another policy. What the license tells without a key decides whether there is need to. */
export async function reprotectTask(task: FileTask, context: TaskContext): Promise<FileOutcome> {
  const { path, resumed } = task;
  const { signal } = context;
  const again = async (more: { readonly overwrite?: boolean } = {}): Promise<FileOutcome> => {
    const choice = await choiceOf(task, context);
    if (choice === undefined) return notMessage(task);
    const options = { ...publishOptions(task, context, choice), owner: ownerOf(task), ...more };
    return protectedNow(task, await reprotectFile(path, options));
  };
  try {
    const found = await inspectFile(path, { signal });
    const settled = settledAlready(task, found);
    if (settled !== undefined) return settled;
    return await again();
  } catch (error) {
    if (isRefusal(error, 'NOT_PROTECTED')) return notProtected(task, error);
    if (resumed && isRefusal(error, 'FILE_NOT_FOUND', 'OUTPUT_EXISTS')) {
      const earlier = await protectionFromEarlier(task, context, error);
      if (earlier === 'again') return again({ overwrite: true });
      if (earlier !== undefined) return earlier;
    }
    throw error;
  }
}

/** What a protected file says by itself: that it is as asked, or that an earlier attempt in place did it. */
export function settledAlready(task: FileTask, found: Inspection): FileOutcome | undefined {
  const { path, resumed, settings } = task;
  if (!found.protected) {
    // Files protected in formats of other programs are refused with a sentence by the work itself.
    if (found.recognisedAs !== 'plain') return undefined;
    return notProtected(task);
  }
  const facts = factsOf(path);
  // Without a template the former policy and the new one look alike. In doubt it is given once more: that is never wrong.
  if (resumed && settings.inPlace && facts !== undefined && protectedInRun(found, facts, task, 0))
    return finishedEarlier(task, path, found, facts.size);
  return hasTemplate(found, task) ? notProtectedOnceMore(task, found) : undefined;
}
