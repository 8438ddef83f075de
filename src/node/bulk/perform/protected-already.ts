import type { Inspection } from '../../../protection/index.ts';
import { inspectFile } from '../../inspect-file.ts';
import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import type { TaskContext } from '../task-context.ts';
import { factsOf, hasTemplate, protectedInRun } from './evidence.ts';
import { done, skipped } from './settle.ts';

/**
 * What is said of a file that was to be protected and is: an earlier attempt of this run protected it in place, or it is
 * protected as asked, or otherwise.
 */
export async function protectedAlready(task: FileTask, { signal }: TaskContext): Promise<FileOutcome> {
  const { path, resumed, settings } = task;
  const found = await inspectFile(path, { signal });
  const facts = factsOf(path);
  if (resumed && settings.inPlace && facts !== undefined && protectedInRun(found, facts, task))
    return finishedEarlier(task, path, found, facts.size);
  return notProtectedOnceMore(task, found);
}

/** Done by an earlier attempt that could not say so any more. */
export function finishedEarlier(
  task: FileTask,
  output: string,
  found: Inspection,
  bytesOut: number,
): FileOutcome {
  return done(task, {
    output,
    contentId: found.contentId ?? undefined,
    bytesIn: found.originalSize ?? undefined,
    bytesOut,
    finishedEarlier: true,
    facts: protectionFacts(found),
  });
}

/** Skipped because it is protected: as was asked, or otherwise. */
export function notProtectedOnceMore(
  task: FileTask,
  found: Inspection,
  output?: string | undefined,
): FileOutcome {
  const more = {
    ...(output !== undefined && { output }),
    contentId: found.contentId ?? undefined,
    facts: protectionFacts(found),
  };
  if (hasTemplate(found, task)) return skipped(task, 'protected-as-asked', undefined, more);
  const message = `${output ?? task.path} is protected already, ${howProtected(found)}`;
  return skipped(task, 'already-protected', { code: 'ALREADY_PROTECTED', message }, more);
}

function howProtected({ templateId }: Inspection): string {
  return templateId === null
    ? 'under a policy that only its license knows: use reprotect to give it another.'
    : `with the template ${templateId}: use reprotect to give it another policy.`;
}

const protectionFacts = ({ format, formatVersion, cipherMode, templateId, owner }: Inspection) =>
  Object.freeze({
    format: format ?? undefined,
    formatVersion: formatVersion ?? undefined,
    cipherMode: cipherMode ?? undefined,
    templateId: templateId ?? undefined,
    owner: owner ?? undefined,
  });
