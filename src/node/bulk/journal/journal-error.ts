import { SealwrightError } from '../../../errors.ts';

export const unusable = (path: string, why: string, reason: string): SealwrightError =>
  new SealwrightError('JOURNAL_UNUSABLE', `The journal ${path} cannot be used: ${why}`, { path, reason });

export const damaged = (path: string, line: number): SealwrightError =>
  unusable(
    path,
    `line ${line} is damaged. Begin the run anew with another journal; what is done already is skipped.`,
    'damaged',
  );
