import { SealwrightError } from '../errors.ts';

/** Lets the refusal to replace a file name the options that allow it; any other error passes unchanged. */
export function withOptionNames(error: unknown, placeOption: '--out' | '--to'): unknown {
  if (!(error instanceof SealwrightError && error.code === 'OUTPUT_EXISTS')) return error;
  const { path } = error.details;
  return new SealwrightError(
    'OUTPUT_EXISTS',
    `${path ?? 'The output'} exists already: add --overwrite to replace it, or choose another place with ${placeOption}.`,
    { ...error.details, cause: error },
  );
}
