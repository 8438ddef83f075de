import { SealwrightError } from '../../../errors.ts';
import type { BulkOutput } from '../bulk-options.ts';

/** What was named, as a list. Throws `INVALID_ARGUMENT` if nothing was. */
export function checkedInputs(inputs: string | readonly string[]): readonly string[] {
  const all = typeof inputs === 'string' ? [inputs] : [...inputs];
  if (all.length > 0 && !all.includes('')) return Object.freeze(all);
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    all.length === 0
      ? 'No file or folder is named: name at least one.'
      : 'One of the paths is empty: check where it comes from.',
  );
}

/** Throws `INVALID_ARGUMENT` if new files are to go to two places. */
export function checkOutput({ out, inPlace }: BulkOutput): void {
  if (out === '') throw new SealwrightError('INVALID_ARGUMENT', '"out" is empty: name a folder.');
  if (out !== undefined && inPlace === true)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'Files go either to "out" or in the place of the originals: give one of "out" and "inPlace".',
    );
}
