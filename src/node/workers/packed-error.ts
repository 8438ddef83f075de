import { SealwrightError } from '../../errors.ts';
import type { PackedError } from './worker-messages.ts';

/**
 * An error as plain data. Of errors that are not ours only kind and place are told: what their messages quote may be
 * content or a secret.
 */
export function packError(error: unknown, job: string): PackedError {
  if (error instanceof SealwrightError)
    return { code: error.code, message: error.message, details: error.details };
  return {
    code: 'WORKER_FAILED',
    message: `A worker thread failed unexpectedly at "${job}" (${kindOf(error)}). Try again; if it stays, report it.`,
    details: {},
    cause: placeOf(error),
  };
}

/** The error again. */
export const unpackError = ({ code, message, details, cause }: PackedError): SealwrightError =>
  new SealwrightError(code, message, { ...details, ...(cause !== undefined && { cause }) });

/** Names and codes as programs define them; anything else could be text of somebody's. */
const word = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** What can be told of any error: its name and its code, if they look like ones. */
export function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it threw what is no error';
  const name = word.test(error.name) ? error.name : 'Error';
  const code = 'code' in error && typeof error.code === 'string' && word.test(error.code) ? error.code : '';
  return code === '' ? name : `${name}, ${code}`;
}

/** The frames of the stack. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error && typeof error.stack === 'string' ? error.stack : '';
  const frames = stack.split('\n').filter((line) => /^ {4}at .{1,300}:\d+:\d+\)?$/.test(line));
  return [kindOf(error), ...frames.slice(0, 8)].join('\n');
}

/** The error of a job whose thread ended under it. */
export const threadEnded = (job: string, why: string): SealwrightError =>
  new SealwrightError(
    'WORKER_FAILED',
    `The worker thread that carried out "${job}" ended: ${why}. Try again, with fewer threads or files at once if memory is short.`,
  );

/** The error where there is no thread for a job. */
export const noThread = (job: string): SealwrightError =>
  new SealwrightError(
    'WORKER_FAILED',
    `No worker thread could be started for "${job}": its script is missing or the system refuses more threads. Work in one thread (threads: 0).`,
    { reason: 'no-thread' },
  );
