import type { SealwrightErrorCode } from '../../../errors.ts';
import type { FileOutcome } from '../outcome.ts';
import { failureWords } from './failure-words.ts';

/** Failures with one cause. */
export interface FailureGroup {
  readonly code: SealwrightErrorCode;
  readonly cause: string;
  readonly advice: string;
  readonly count: number;
  /** The first of them. */
  readonly examples: readonly FileOutcome[];
}

/** Failures, gathered by cause while they come; keeps a bounded number of them. */
export interface FailureGroups {
  add(outcome: FileOutcome): void;
  /** The causes, the most frequent first. */
  list(): readonly FailureGroup[];
}

/**
 * Gathers failures by cause.
 *
 * @param most how many failures are kept in all; each cause keeps at least one
 * @param mostOfOne how many of them may have one cause
 */
export function failureGroups(most = 1000, mostOfOne = most): FailureGroups {
  const groups = new Map<SealwrightErrorCode, { count: number; examples: FileOutcome[] }>();
  let kept = 0;
  return {
    add(outcome) {
      if (outcome.status !== 'failed') return;
      const code = outcome.error?.code ?? 'IO_FAILED';
      const group = groups.get(code) ?? { count: 0, examples: [] };
      groups.set(code, group);
      group.count += 1;
      if (group.examples.length >= (kept < most ? mostOfOne : 1)) return;
      kept += 1;
      group.examples.push(outcome);
    },
    list: () =>
      [...groups]
        .map(([code, { count, examples }]) => ({ code, ...failureWords[code], count, examples }))
        .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
  };
}

/** The same of failures that are there already. */
export function groupFailures(failures: Iterable<FileOutcome>, most?: number): readonly FailureGroup[] {
  const groups = failureGroups(most);
  for (const failure of failures) groups.add(failure);
  return groups.list();
}
