import type { BulkReport } from '../bulk-report.ts';
import type { FileOutcome, SkipReason } from '../outcome.ts';
import { throughput } from './throughput.ts';

const mostFailures = 1_000;

/** What a report counts. */
export type Counts = Pick<
  BulkReport,
  | 'found'
  | 'done'
  | 'skipped'
  | 'failed'
  | 'skippedBecause'
  | 'bytesIn'
  | 'bytesOut'
  | 'throughput'
  | 'failures'
>;

/** Counts what comes of the files of a run, all its sessions together. */
export interface Tally {
  /** Files that were taken and of which nothing has come yet. */
  take(files: number): void;
  /** What came of a file, after so many milliseconds of work; `size` is what was taken for its size. */
  settle(outcome: FileOutcome, at: number, size?: number): void;
  /** A listing begins anew: it will tell again of what is not a file. */
  restart(): void;
  readonly found: number;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  /** Bytes of the input of settled files. */
  readonly bytesSettled: number;
  counts(): Counts;
}

interface Sums {
  done: number;
  skipped: number;
  failed: number;
  readonly because: Map<SkipReason, number>;
}

const sums = (): Sums => ({ done: 0, skipped: 0, failed: 0, because: new Map() });

export function tally(): Tally {
  const files = sums();
  /** Of what has no number: links, folders that cannot be listed, and the like. */
  let others = sums();
  let taken = 0;
  let bytesIn = 0;
  let bytesOut = 0;
  let bytesSettled = 0;
  let failures: FileOutcome[] = [];
  const moments = throughput();

  const total = (name: 'done' | 'skipped' | 'failed'): number => files[name] + others[name];
  const settled = (): number => total('done') + total('skipped') + total('failed');

  return {
    take(count) {
      taken += count;
    },
    settle(outcome, at, size) {
      const { number, status, reason } = outcome;
      const into = number === undefined ? others : files;
      into[status]++;
      if (number !== undefined) taken--;
      if (status === 'skipped' && reason !== undefined)
        into.because.set(reason, (into.because.get(reason) ?? 0) + 1);
      if (status === 'failed' && failures.length < mostFailures) failures.push(outcome);
      bytesSettled += size ?? outcome.bytesIn ?? 0;
      if (status === 'done') {
        bytesIn += outcome.bytesIn ?? 0;
        bytesOut += outcome.bytesOut ?? 0;
      }
      moments.note(at, settled(), bytesSettled);
    },
    restart() {
      others = sums();
      failures = failures.filter(({ number }) => number !== undefined);
    },
    get found() {
      return settled() + taken;
    },
    get done() {
      return total('done');
    },
    get skipped() {
      return total('skipped');
    },
    get failed() {
      return total('failed');
    },
    get bytesSettled() {
      return bytesSettled;
    },
    counts() {
      const because = new Map(files.because);
      for (const [reason, count] of others.because) because.set(reason, (because.get(reason) ?? 0) + count);
      return {
        found: settled() + taken,
        done: total('done'),
        skipped: total('skipped'),
        failed: total('failed'),
        skippedBecause: Object.freeze(Object.fromEntries([...because].sort(([a], [b]) => (a < b ? -1 : 1)))),
        bytesIn,
        bytesOut,
        throughput: Object.freeze(moments.points()),
        failures: Object.freeze([...failures]),
      };
    },
  };
}
