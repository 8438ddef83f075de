import { SealwrightError } from '../../errors.ts';

/** The error for a compound file that contradicts itself or ends early; `problem` ends a sentence. */
export function damaged(problem: string, offset: number): SealwrightError {
  return new SealwrightError(
    'MALFORMED_CONTAINER',
    `The compound file is damaged: ${problem}. Get a fresh copy of the file.`,
    { offset },
  );
}

/** The error for a compound file with more of something than one of `maxima`, or its reader, accepts. */
export function beyondLimit(what: string, maximum: number, offset: number): SealwrightError {
  return new SealwrightError(
    'LIMIT_EXCEEDED',
    `The compound file has too many ${what}: at most ${maximum} are accepted. Save the document anew with the program it comes from.`,
    { offset },
  );
}
