import type { LicensingService } from '../../licensing/index.ts';
import type { BulkOperation, FileOutcome } from '../../node/bulk/core.ts';

/** Options of {@link workOnBulkRuns}. */
export interface WorkOnBulkRunsOptions {
  /** Whom this worker asks for licenses, signed in as itself. Runs that only inspect need none. */
  readonly service?: LicensingService | undefined;
  /** The folder that all workers share, as this machine knows it. */
  readonly root: string;
  /** Only this run; by default all of them, in turns. */
  readonly run?: string | undefined;
  /**
   * What this worker does. Whoever may write into the database decides what its workers do with their sign-in: by default
   * they protect, reprotect and inspect. Name `open` and `unprotect` where they are wanted.
   */
  readonly operations?: readonly BulkOperation[] | undefined;
  /** Goes on waiting for new runs; by default it ends when no run has anything left to do. */
  readonly stay?: boolean | undefined;
  /** Threads beside this one, by default one a processor; 0 works in this thread only. */
  readonly threads?: number | undefined;
  /** Files in progress at once, all threads together. */
  readonly concurrency?: number | undefined;
  /**
   * Seconds of silence after which other workers take over what this one holds, at least 3; by default 30.
   * Shorter means that less time is lost with a dead worker, and more work with one that was only slow.
   */
  readonly leaseSeconds?: number | undefined;
  /** Seconds to wait for a database that is away; by default 600. Then it is `SERVICE_UNAVAILABLE`. */
  readonly patienceSeconds?: number | undefined;
  /** Ends the work: nothing new begins, what is in progress ends as done or as never begun, and what is held is given back. */
  readonly signal?: AbortSignal | undefined;
  readonly onFile?: ((outcome: FileOutcome) => void) | undefined;
  /** Called with true when the database is away, and with false when it is back. */
  readonly onAway?: ((away: boolean) => void) | undefined;
}

/** What one worker did. */
export interface BulkWork {
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  /** Bytes of the files that are done, before and after. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Batches that this worker lost to another one, because it was silent for too long. */
  readonly lost: number;
  /** Batches that it took back from workers that were lost. */
  readonly takenBack: number;
}
