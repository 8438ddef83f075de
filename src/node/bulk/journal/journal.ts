import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';

/** What a run remembers, so that it can go on after kill -9 or a loss of power. */
export interface Journal {
  /** Files that were settled by earlier sessions, by path. */
  settled(path: string): FileOutcome | undefined;
  /** Whether an earlier session began with this file and did not come to say what became of it. */
  wasStarted(path: string): boolean;
  /** Says that work on these files is about to begin. Resolves when that survives the end of this process. */
  started(tasks: readonly FileTask[]): Promise<void>;
  /** Says what came of a file. Written in batches; `flush` waits for them. */
  record(outcome: FileOutcome): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}
