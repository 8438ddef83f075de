import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';

/** What a run remembers, so that it can go on after kill -9 or a loss of power. */
export interface Journal {
  readonly earlier: EarlierSessions;
  /** Says that work on these files is about to begin. Resolves when that survives the end of this process, and of the power. */
  started(tasks: readonly FileTask[]): Promise<void>;
  /** Says what came of a file. Written in batches; `flush` waits for them. */
  record(outcome: FileOutcome): void;
  flush(): Promise<void>;
  /** Says how this session ended, and closes. */
  end(end: SessionEnd): Promise<void>;
  /** Closes without a word, as if the process had been killed. */
  close(): Promise<void>;
}

/** How a session ended. */
export interface SessionEnd {
  readonly complete: boolean;
  /** Milliseconds of work in this session. */
  readonly milliseconds: number;
  readonly threads: number;
  readonly concurrency: number;
}

/** What earlier sessions of the same run have left. */
export interface EarlierSessions {
  /** When the first session began, as an ISO time; now, if this is the first. */
  readonly runStartedAt: string;
  readonly sessions: number;
  /** Milliseconds of work, all sessions together. */
  readonly milliseconds: number;
  /** When the last one ended in order. */
  readonly endedAt: string | undefined;
  /** Whether the run is over: every file was settled. */
  readonly complete: boolean;
  readonly threads: number;
  readonly concurrency: number;
  /** The number after the highest that a file had. */
  readonly nextNumber: number;
  /** Whether a file was settled. */
  isSettled(path: string): boolean;
  /** Whether a settled file became this one. */
  isOutput(path: string): boolean;
  /** Files that a session began with, and did not come to say what became of them. All are marked as resumed. */
  readonly unsettled: readonly FileTask[];
  /** Whether a file may have been begun of which the journal knows nothing: the end of the journal was lost. */
  readonly uncertain: boolean;
}
