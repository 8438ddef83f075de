import type { TaskContext } from '../task-context.ts';
import type { Lane, LaneEvents, PerformTask } from './lane.ts';
import { workThrough } from './work-through.ts';

/** Carries out tasks in this thread. */
export function localLane(
  perform: PerformTask,
  context: TaskContext,
  concurrency: number,
  events: LaneEvents,
): Lane {
  const controller = new AbortController();
  const work = workThrough(perform, { ...context, signal: controller.signal }, concurrency, events);
  events.ready();
  return {
    give: work.give,
    abort: () => controller.abort(),
    end: () => void work.idle().then(() => events.ended(undefined)),
  };
}
