import { SealwrightError, type SealwrightErrorCode } from '../../../errors.ts';

/** Whether an error is one of ours with one of these codes. */
export const isRefusal = (
  error: unknown,
  ...codes: readonly SealwrightErrorCode[]
): error is SealwrightError => error instanceof SealwrightError && codes.includes(error.code);
