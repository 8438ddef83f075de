import { SealwrightError } from '../../../errors.ts';
import { defaultThreads, filesPerThread, mostConcurrency, mostThreads } from './concurrency.ts';

/** How many threads a run has beside this one, and how many files are in progress at once. */
export interface RunSizes {
  readonly threads: number;
  readonly concurrency: number;
  /** In each thread, or in this one if it works alone. */
  readonly perThread: number;
}

/** Throws `INVALID_ARGUMENT` for numbers that make no sense. */
export function runSizes(given: {
  readonly threads?: number | undefined;
  readonly concurrency?: number | undefined;
}): RunSizes {
  const wanted = checked(given.threads ?? defaultThreads(), 'threads', 0, mostThreads);
  const concurrency = checked(
    given.concurrency ?? filesPerThread * Math.max(1, wanted),
    'concurrency',
    1,
    mostConcurrency,
  );
  // More threads than files at once would only stand by.
  const threads = Math.min(wanted, concurrency);
  return { threads, concurrency, perThread: Math.ceil(concurrency / Math.max(1, threads)) };
}

function checked(value: number, name: string, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `"${name}" is ${String(value)}: give a whole number from ${least} to ${most}.`,
  );
}
