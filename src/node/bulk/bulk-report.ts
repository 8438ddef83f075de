import type { FileOutcome, SkipReason } from './outcome.ts';
import type { BulkOperation } from './task.ts';

/** How many files and bytes had been settled at a moment of a run; what a chart of throughput is drawn from. */
export interface ThroughputPoint {
  /** Milliseconds of work since the run began; time between its sessions does not count. */
  readonly at: number;
  readonly files: number;
  readonly bytes: number;
}

/** How a bulk run went, all its sessions together. */
export interface BulkReport {
  readonly operation: BulkOperation;
  /** True if nothing was to be changed, only said. */
  readonly dryRun: boolean;
  /** What was named: folders and files. */
  readonly inputs: readonly string[];
  readonly out: string | undefined;
  readonly startedAt: Date;
  readonly endedAt: Date;
  /** How many times the run was begun or resumed. */
  readonly sessions: number;
  /** Milliseconds of work, without the time between sessions. */
  readonly milliseconds: number;
  /** Whether every file was settled; false after an abort. */
  readonly complete: boolean;
  /** Files that were taken, and what came of them: `done + skipped + failed <= found`. */
  readonly found: number;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly skippedBecause: Readonly<Partial<Record<SkipReason, number>>>;
  /** Bytes of the files that are done, before and after. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** At most 600 points, in order. */
  readonly throughput: readonly ThroughputPoint[];
  /** The first failures, at most 1,000; the journal and the report files name all. */
  readonly failures: readonly FileOutcome[];
  /** Most threads that worked at once, and files in progress at once. */
  readonly threads: number;
  readonly concurrency: number;
}

/** How far a run is. */
export interface BulkProgress {
  /** Files that were taken so far, and whether listing has ended, so that this is all of them. */
  readonly found: number;
  readonly listed: boolean;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  /** Bytes of the input of settled files, and of all that was found. */
  readonly bytesDone: number;
  readonly bytesFound: number;
  /** Of the last seconds. */
  readonly filesPerSecond: number;
  readonly bytesPerSecond: number;
  /** Seconds, once listing has ended and there is a rate. */
  readonly secondsLeft: number | undefined;
  /** A file that is being worked on. */
  readonly current: string | undefined;
}
