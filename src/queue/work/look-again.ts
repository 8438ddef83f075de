import type { FileOutcome, FileTask, performTask } from '../../node/bulk/core.ts';

/** Times that a task is done once more because another worker was at its file. */
const mostAgain = 3;

/**
 * Whether a failure may be another worker's doing: one that had the batch before, lost it, and is still at the same file, only slow.
 * Whichever is first wins, and the other fails because the file changed or its place was taken (spec/queue.md, "Two workers
 * on one file").
 */
export const mayBeAnothers = ({ status, error }: FileOutcome, { resumed }: FileTask): boolean =>
  resumed &&
  status === 'failed' &&
  (error?.code === 'OUTPUT_EXISTS' || error?.code === 'IO_FAILED' || error?.code === 'FILE_NOT_FOUND');

/** Looks once more at what is there, and does what is left to do. */
export async function lookAgain(
  failed: FileOutcome,
  task: FileTask,
  perform: (task: FileTask) => ReturnType<typeof performTask>,
): Promise<FileOutcome> {
  let outcome = failed;
  for (let again = 0; again < mostAgain && mayBeAnothers(outcome, task); again++)
    outcome = await perform(task);
  return outcome;
}
