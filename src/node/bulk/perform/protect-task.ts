import { inspectFile } from '../../inspect-file.ts';
import { type ProtectedFile, protectFile } from '../../protect-file.ts';
import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import type { TaskContext } from '../task-context.ts';
import { protectionFromEarlier } from './earlier-protection.ts';
import { factsOf, hasTemplate, protectedInRun } from './evidence.ts';
import { labelMetadata } from './label-metadata.ts';
import { notMessage } from './not-a-message.ts';
import { ownerOf } from './owner.ts';
import { finishedEarlier, notProtectedOnceMore, protectedAlready } from './protected-already.ts';
import { isRefusal } from './refusal.ts';
import { choiceOf, publishOptions } from './service-options.ts';
import { done } from './settle.ts';

/**
 * Protects one file. The work itself is tried first: whatever an earlier attempt left, it is refused where doing it
 * once more would be wrong, and the refusal says which state the disk is in.
 */
export async function protectTask(task: FileTask, context: TaskContext): Promise<FileOutcome> {
  try {
    return await attempt(task, context);
  } catch (error) {
    if (isRefusal(error, 'ALREADY_PROTECTED')) return protectedAlready(task, context);
    // Whom a message is sent to that is protected already does not matter.
    if (isRefusal(error, 'INVALID_ARGUMENT') && (await isProtectedMessage(task, context)))
      return protectedAlready(task, context);
    if (task.resumed && isRefusal(error, 'FILE_NOT_FOUND', 'OUTPUT_EXISTS')) {
      const earlier = await protectionFromEarlier(task, context, error);
      if (earlier === 'again') return attempt(task, context, { overwrite: true });
      if (earlier !== undefined) return earlier;
    }
    throw error;
  }
}

const isProtectedMessage = async ({ path, settings }: FileTask, { signal }: TaskContext): Promise<boolean> =>
  settings.messagePolicy !== undefined && (await inspectFile(path, { signal })).format === 'mail';

async function attempt(
  task: FileTask,
  context: TaskContext,
  more: { readonly overwrite?: boolean } = {},
): Promise<FileOutcome> {
  const choice = await choiceOf(task, context);
  if (choice === undefined) return notMessage(task);
  const metadata = await labelMetadata(task, context);
  const made = await protectFile(task.path, {
    ...publishOptions(task, context, choice),
    owner: ownerOf(task),
    ...(metadata && { metadata }),
    ...more,
  });
  return made.finishedEarlierRun ? nameGiven(task, context, made) : protectedNow(task, made);
}

/** The outcome of a file that was protected just now. */
export function protectedNow(task: FileTask, made: ProtectedFile): FileOutcome {
  const { contentId, bytesIn, bytesOut, format, formatVersion, cipherMode, otherNames } = made;
  return done(task, {
    output: made.path,
    contentId,
    bytesIn,
    bytesOut,
    facts: Object.freeze({ format, formatVersion, cipherMode, otherNames }),
  });
}

/** A file that some earlier run had protected and not renamed. Whose run that was decides what is said of it. */
async function nameGiven(task: FileTask, { signal }: TaskContext, made: ProtectedFile): Promise<FileOutcome> {
  const found = await inspectFile(made.path, { signal });
  const facts = factsOf(made.path);
  const ours = hasTemplate(found, task) || (facts !== undefined && protectedInRun(found, facts, task));
  return ours
    ? finishedEarlier(task, made.path, found, made.bytesOut)
    : notProtectedOnceMore(task, found, made.path);
}
