import { SealwrightError } from '../../../errors.ts';
import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import { failed, skipped } from './settle.ts';

/**
 * The outcome of a file that is no message where the policy goes by whom a message is sent to. One that is named like a message
 * is damaged or empty, which somebody has to hear of.
 */
export const notMessage = (task: FileTask): FileOutcome =>
  /\.(?:eml|msg)$/i.test(task.path) ? failed(task, damaged(task)) : skipped(task, 'not-a-message');

const damaged = ({ path }: FileTask): SealwrightError =>
  new SealwrightError(
    'MALFORMED_CONTAINER',
    `${path} is named like a message and is none, or is damaged: it does not say who gets it. Get a fresh copy, or protect it under a policy.`,
    { path },
  );
