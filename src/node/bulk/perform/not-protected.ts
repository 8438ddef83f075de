import { basename } from 'node:path';
import { extensionOf, pfileFormat } from '../../../container/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import { failed, skipped } from './settle.ts';

/**
 * The outcome of a file that was to be opened and is not protected: there is nothing to do. One that is named like a
 * protected file is damaged or was replaced, which somebody has to hear of.
 */
export const notProtected = (task: FileTask, refusal = damaged(task)): FileOutcome =>
  isProtectedName(basename(task.path)) ? failed(task, refusal) : skipped(task, 'not-protected');

const damaged = ({ path }: FileTask): SealwrightError =>
  new SealwrightError(
    'NOT_PROTECTED',
    `${path} is named like a protected file but is none, or its beginning is damaged: get a fresh copy of the file.`,
    { path },
  );

/** Whether the extension is one that protected files have. */
export function isProtectedName(name: string): boolean {
  const bare = `file${extensionOf(name)}`;
  return pfileFormat.originalName(bare, undefined) !== bare;
}
