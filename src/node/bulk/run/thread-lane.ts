import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { LicensingService } from '../../../licensing/index.ts';
import { serviceRecipe } from '../../../licensing/service-recipe.ts';
import { serveLicensing } from '../../workers/licensing-port.ts';
import type { JobOptions, WorkerPool } from '../../workers/worker-pool.ts';
import type { Lane, LaneEvents } from './lane.ts';
import type { FileTasksStart, FromThread, ToThread } from './thread-messages.ts';

/** Carries out tasks in a thread of `pool`, which opens `service` for itself, or asks it through this one. */
export function threadLane(
  pool: WorkerPool,
  service: LicensingService | undefined,
  concurrency: number,
  events: LaneEvents,
): Lane {
  const { port1: tasks, port2: theirTasks } = new MessageChannel();
  const licensing = service === undefined ? undefined : new MessageChannel();
  if (licensing !== undefined && service !== undefined) serveLicensing(licensing.port1, service);
  const send = (message: ToThread): void => tasks.postMessage(message);

  function hear(message: FromThread): void {
    if (message.kind === 'ready') events.ready();
    else
      for (const { ticket, outcome } of message.outcomes) {
        if (outcome === undefined) events.returned(ticket);
        else events.settled(ticket, outcome);
      }
  }
  tasks.on('message', hear);

  const ports = licensing === undefined ? [theirTasks] : [theirTasks, licensing.port2];
  const start: FileTasksStart = {
    tasks: theirTasks,
    licensing: licensing?.port2,
    recipe: service && serviceRecipe(service),
    concurrency,
  };
  const close = (error: unknown): void => {
    // What the thread sent before it ended is here already, and counts.
    for (let left = receiveMessageOnPort(tasks); left !== undefined; left = receiveMessageOnPort(tasks))
      hear(left.message as FromThread);
    tasks.close();
    licensing?.port1.close();
    events.ended(error);
  };
  pool
    .run<void>('file-tasks', start, {
      transfer: ports as unknown as JobOptions['transfer'],
    })
    .then(
      () => close(undefined),
      (error: unknown) => close(error),
    );

  return {
    give: (given) => send({ kind: 'tasks', tasks: given }),
    abort: () => send({ kind: 'abort' }),
    end: () => send({ kind: 'end' }),
  };
}
