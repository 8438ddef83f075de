import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import type { TaskContext } from '../task-context.ts';

/** Carries out one task. Rejects only with the reason of an abort, and has then left the file as it was. */
export type PerformTask = (task: FileTask, context: TaskContext) => Promise<FileOutcome>;

/** Told by a lane. */
export interface LaneEvents {
  /** It can take tasks now. */
  ready(): void;
  /** What came of the task that was given under this ticket. */
  settled(ticket: number, outcome: FileOutcome): void;
  /** Nothing came of it: the run was aborted before. */
  returned(ticket: number): void;
  /** The lane has ended; without an error because it was told to. Nothing comes of what it still held. */
  ended(error: unknown): void;
}

/** Where tasks are carried out: this thread, or another one. */
export interface Lane {
  give(tasks: readonly TicketedTask[]): void;
  /** Files in progress end in order, as finished or as never begun. */
  abort(): void;
  /** Ends once everything that was given has been settled. */
  end(): void;
}

/** A task under a number that is its own in this lane. Numbers of files are not: several runs may be worked on at once. */
export interface TicketedTask {
  readonly ticket: number;
  readonly task: FileTask;
}
