import { failed } from '../perform/settle.ts';
import type { TaskContext } from '../task-context.ts';
import type { LaneEvents, PerformTask, TicketedTask } from './lane.ts';

/** Carries out tasks in this thread, at most `concurrency` at once. */
export interface WorkThrough {
  give(tasks: readonly TicketedTask[]): void;
  /** Resolves once nothing is in progress or waiting. */
  idle(): Promise<void>;
}

export function workThrough(
  perform: PerformTask,
  context: TaskContext,
  concurrency: number,
  { settled, returned }: Pick<LaneEvents, 'settled' | 'returned'>,
): WorkThrough {
  const waiting: TicketedTask[] = [];
  let working = 0;
  let onIdle: (() => void)[] = [];

  async function work({ ticket, task }: TicketedTask): Promise<void> {
    try {
      if (context.signal?.aborted === true) return returned(ticket);
      settled(ticket, await perform(task, context));
    } catch (error) {
      if (context.signal?.aborted === true) returned(ticket);
      else settled(ticket, failed(task, error));
    }
  }

  function next(): void {
    while (working < concurrency) {
      const given = waiting.shift();
      if (given === undefined) break;
      working++;
      void work(given).finally(() => {
        working--;
        next();
      });
    }
    if (working > 0 || waiting.length > 0) return;
    for (const done of onIdle) done();
    onIdle = [];
  }

  return {
    give(tasks) {
      waiting.push(...tasks);
      next();
    },
    idle: () =>
      new Promise((resolve) => {
        onIdle.push(resolve);
        next();
      }),
  };
}
