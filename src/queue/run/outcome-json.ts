import { errorCodes, type SealwrightErrorCode } from '../../errors.ts';
import type { FileOutcome, SkipReason } from '../../node/bulk/core.ts';
import { malformedRow } from '../database/database-error.ts';
import { fromSharePath, outcomePath } from './share-paths.ts';

/** Largest outcome that is kept, in characters; what an inspection found beyond it is left out. */
const maxOutcome = 65_536;

/** Every reason for which nothing is done with a file. */
export const skipReasons: readonly SkipReason[] = [
  'protected-as-asked',
  'already-protected',
  'not-protected',
  'not-a-message',
  'labelled-as-asked',
  'by-rule',
  'excluded',
  'not-selected',
  'symbolic-link',
  'special-file',
  'own-file',
  'dry-run',
];

/** What is kept of an outcome beside its columns, as JSON without characters that a database refuses. */
export function outcomeJson(outcome: FileOutcome, root: string): string {
  const { number, path, facts, output, ...rest } = outcome;
  const kept = { ...rest, ...(output !== undefined && { output: outcomePath(root, output) }) };
  const json = JSON.stringify(kept);
  if (json.length <= maxOutcome) return json;
  const { inspection, error, ...short } = kept;
  return JSON.stringify({
    ...short,
    ...(error && { error: { code: error.code, message: error.message.slice(0, 4096) } }),
  });
}

/**
 * Reads an outcome back.
 *
 * @throws SealwrightError `MALFORMED_ANSWER`
 */
export function parseOutcome(json: string, number: number, path: string, root: string): FileOutcome {
  const what = 'What came of a file';
  let value: Record<string, unknown>;
  try {
    if (json.length > 4 * maxOutcome) throw new RangeError('too long');
    value = JSON.parse(json) as Record<string, unknown>;
  } catch {
    throw malformedRow(what, 'JSON');
  }
  if (typeof value !== 'object' || value === null) throw malformedRow(what, 'record');
  const { status, output, contentId, bytesIn, bytesOut, reason, error, rule, finishedEarlier, milliseconds } =
    value;
  const must = (holds: boolean, field: string): void => {
    if (!holds) throw malformedRow(what, field);
  };
  must(status === 'done' || status === 'skipped' || status === 'failed', 'status');
  for (const [field, each] of Object.entries({ output, contentId, rule })) {
    must(each === undefined || (typeof each === 'string' && each.length <= maxOutcome), field);
  }
  for (const [field, each] of Object.entries({ bytesIn, bytesOut, milliseconds })) {
    must(each === undefined || (typeof each === 'number' && each >= 0), field);
  }
  must(reason === undefined || skipReasons.includes(reason as SkipReason), 'reason');
  must(finishedEarlier === undefined || typeof finishedEarlier === 'boolean', 'finishedEarlier');
  must(error === undefined || isError(error), 'error');
  return Object.freeze({
    ...(value as Partial<FileOutcome>),
    number,
    path,
    status: status as FileOutcome['status'],
    ...(typeof output === 'string' && { output: shown(root, output) }),
  });
}

const isError = (error: unknown): boolean => {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  return (
    errorCodes.includes(code as SealwrightErrorCode) &&
    typeof message === 'string' &&
    message.length <= maxOutcome
  );
};

/** For people only: nothing is opened by it. */
function shown(root: string, output: string): string {
  try {
    return fromSharePath(root, output);
  } catch {
    return output;
  }
}
