import { SealwrightError } from '../../errors.ts';
import type { BulkOperation } from '../../node/bulk/core.ts';
import { isUuid, readRow } from './row-fields.ts';

/** States of a run on many machines (spec/queue.md, "States"). */
export const bulkRunStates = ['listing', 'running', 'paused', 'cancelled', 'finished'] as const;

/** One of {@link bulkRunStates}. */
export type BulkRunState = (typeof bulkRunStates)[number];

const operations: readonly BulkOperation[] = ['protect', 'open', 'reprotect', 'unprotect', 'inspect'];

/** A run on many machines. */
export interface BulkRun {
  readonly id: string;
  /** What it was called when it was submitted. */
  readonly name: string;
  readonly state: BulkRunState;
  readonly operation: BulkOperation;
  readonly dryRun: boolean;
  /** The root that all workers share, as the machine that submitted the run knows it. */
  readonly root: string;
  /** Below the root, with `/`. */
  readonly inputs: readonly string[];
  readonly out: string | undefined;
  /** User and host. */
  readonly submittedBy: string;
  /** By the clock of the database, as all times here. */
  readonly submittedAt: Date;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
}

/** The columns that {@link readRun} reads. */
export const runColumns = `id::text, name, state, operation, dry_run, root, out_path, inputs::text AS inputs,
  submitted_by, submitted_at, started_at, ended_at`;

/** Reads a row of the table `run`; `MALFORMED_ANSWER` for what nobody of ours wrote. */
export function readRun(row: unknown): BulkRun {
  const { text, optionalText, oneOf, flag, date, optionalDate } = readRow(row, 'A run');
  return Object.freeze({
    id: text('id', 36),
    name: text('name', 400),
    state: oneOf('state', bulkRunStates),
    operation: oneOf('operation', operations),
    dryRun: flag('dry_run'),
    root: text('root'),
    inputs: readInputs(text('inputs', 4_000_000)),
    out: optionalText('out_path'),
    submittedBy: text('submitted_by', 1000),
    submittedAt: date('submitted_at'),
    startedAt: optionalDate('started_at'),
    endedAt: optionalDate('ended_at'),
  });
}

/** The id of a run as people give it; `INVALID_ARGUMENT` for anything else. */
export function checkRunId(id: string): string {
  const checked = id.trim().toLowerCase();
  if (isUuid(checked)) return checked;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    'That is not the id of a run, which looks like 0b6c2f1e-8d1f-4a53-9f0e-2a7d51c1f7aa: list the runs to see theirs.',
    { reason: 'run-id' },
  );
}

/** There is no such run. */
export const runNotFound = (id: string, label: string): SealwrightError =>
  new SealwrightError(
    'INVALID_ARGUMENT',
    `There is no run ${id} in ${label}: list the runs to see which there are.`,
    { reason: 'run-not-found' },
  );

function readInputs(json: string): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  const { list } = readList(value);
  return list;
}

function readList(value: unknown): { readonly list: readonly string[] } {
  if (Array.isArray(value) && value.every((each): each is string => typeof each === 'string'))
    return { list: Object.freeze(value) };
  // Only for people: what was named.
  return { list: [] };
}
