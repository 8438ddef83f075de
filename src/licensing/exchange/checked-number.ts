import { SealwrightError } from '../../errors.ts';

/** Gives an option's number if it is one that makes sense; throws `INVALID_ARGUMENT` with the option's name. */
export function checkedNumber(
  value: number,
  option: string,
  { least = 0, most = Number.MAX_SAFE_INTEGER, whole = false } = {},
): number {
  if (typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value)))
    return value;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `The option ${option} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`,
  );
}
