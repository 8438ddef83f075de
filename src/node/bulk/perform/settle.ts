import { SealwrightError, type SealwrightErrorCode } from '../../../errors.ts';
import { kindOf } from '../../workers/packed-error.ts';
import type { FileOutcome, SkipReason } from '../outcome.ts';
import type { FileTask } from '../task.ts';

/** What is said of a file that is done. */
export type DoneFacts = Pick<
  FileOutcome,
  'output' | 'contentId' | 'bytesIn' | 'bytesOut' | 'finishedEarlier' | 'inspection' | 'facts'
>;

/** The outcome of a file that was done. */
export const done = (task: FileTask, facts: DoneFacts): FileOutcome =>
  Object.freeze({ ...named(task), status: 'done', ...facts });

/** The outcome of a file with which nothing was to be done; `why` is a sentence that says more. */
export const skipped = (
  task: FileTask,
  reason: SkipReason,
  why?: { readonly code: SealwrightErrorCode; readonly message: string },
  facts: DoneFacts = {},
): FileOutcome =>
  Object.freeze({ ...named(task), status: 'skipped', reason, ...(why && { error: plain(why) }), ...facts });

/** The outcome of a file that failed. Of errors that are none of ours only the kind is told: they may quote anything. */
export function failed(task: FileTask, error: unknown): FileOutcome {
  const { path } = task;
  const known =
    error instanceof SealwrightError
      ? plain(error)
      : ({
          code: 'IO_FAILED',
          message: `${path} could not be worked on because of something unforeseen (${kindOf(error)}). Try again; if it stays, report it.`,
        } as const);
  return Object.freeze({ ...named(task), status: 'failed', error: Object.freeze(known) });
}

const named = ({ number, path, settings: { rule } }: FileTask) => ({
  number,
  path,
  ...(rule !== undefined && { rule }),
});

const plain = ({ code, message }: { readonly code: SealwrightErrorCode; readonly message: string }) =>
  Object.freeze({ code, message });
