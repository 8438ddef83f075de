import { SealwrightError, type SealwrightErrorCode } from '../../../errors.ts';
import type { FileOutcome, SkipReason } from '../outcome.ts';
import type { FileTask } from '../task.ts';

/** What is said of a file that is done. */
export type DoneFacts = Pick<
  FileOutcome,
  'output' | 'contentId' | 'bytesIn' | 'bytesOut' | 'finishedEarlier' | 'inspection' | 'facts'
>;

/** Longest message that is kept of an error that is none of ours. */
const maxMessage = 500;

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

/** The outcome of a file that failed. Errors that are none of ours are told in one line, without where they come from. */
export function failed(task: FileTask, error: unknown): FileOutcome {
  const { path } = task;
  const known =
    error instanceof SealwrightError
      ? plain(error)
      : ({
          code: 'IO_FAILED',
          message: `${path} could not be worked on because of something unforeseen: ${firstLine(error)}`,
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

const firstLine = (error: unknown): string =>
  (String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? '').slice(0, maxMessage);
