import { SealwrightError, type SealwrightErrorCode } from '../errors.ts';

const unreachable: ReadonlySet<SealwrightErrorCode> = new Set([
  'SERVICE_UNAVAILABLE',
  'TIMED_OUT',
  'THROTTLED',
  'PROXY_FAILED',
]);

/** Whether an error says that the service gave no answer, as opposed to one that was not liked. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof SealwrightError && unreachable.has(error.code);
