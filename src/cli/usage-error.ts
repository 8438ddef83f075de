import { SealwrightError } from '../errors.ts';

/** A command line that cannot be carried out as it was typed; exit code 2. */
export function usageError(message: string): SealwrightError {
  return new SealwrightError('INVALID_ARGUMENT', message);
}
