import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import { bell } from './bell.ts';
import type { Lane, LaneEvents } from './lane.ts';

/** Gives at most `most` tasks, or none once `unwanted` is aborted: what was not given by then goes to others. */
export type TakeTasks = (most: number, unwanted: AbortSignal) => Promise<readonly FileTask[]>;

/** What {@link serveLane} needs. */
export interface LaneService {
  readonly open: (events: LaneEvents) => Lane;
  /** Most tasks that the lane holds, and the number at or below which it gets more. */
  readonly window: number;
  readonly refillAt: number;
  /** The next tasks; none when there will be no more, or nobody waits for them any more. */
  readonly take: TakeTasks;
  /** Asked before each take: whether this lane is to have more. */
  readonly wanted: () => boolean;
  readonly onReady?: (() => void) | undefined;
  readonly record: (outcome: FileOutcome, task: FileTask) => void | Promise<void>;
  /** Aborted when nothing new is to begin, and what is in progress is to end. */
  readonly stop: AbortSignal;
}

/** How a lane ended. */
export interface LaneEnd {
  /** Set if it ended by itself. */
  readonly crash: { readonly error: unknown } | undefined;
  /** Tasks of which nothing came: the lane crashed under them. */
  readonly left: readonly FileTask[];
  readonly settled: number;
  readonly wasReady: boolean;
}

/**
 * Opens a lane and keeps it fed until there is nothing more to do, it is no longer wanted, the run stops, or it crashes. Resolves
 * when the lane has ended and every outcome is recorded; throws what `take` or `record` threw.
 */
export async function serveLane(service: LaneService): Promise<LaneEnd> {
  const { window, refillAt, take, wanted, stop } = service;
  const held = new Map<number, FileTask>();
  const changed = bell();
  /** Aborted when the lane takes nothing more, be it that it waits for the next task. */
  const gone = new AbortController();
  let tickets = 0;
  let settled = 0;
  let recording = 0;
  let ready = false;
  let ended: { readonly error: unknown } | undefined;
  let failure: { readonly error: unknown } | undefined;

  const occupied = (): number => held.size + recording;
  const over = (): boolean => ended !== undefined || failure !== undefined || stop.aborted;
  const fail = (error: unknown): void => {
    failure ??= { error };
    gone.abort();
    lane.abort();
    changed.ring();
  };
  async function record(outcome: FileOutcome, task: FileTask): Promise<void> {
    recording++;
    try {
      await service.record(outcome, task);
    } catch (error) {
      fail(error);
    }
    recording--;
    changed.ring();
  }

  const lane = service.open({
    ready() {
      ready = true;
      service.onReady?.();
      changed.ring();
    },
    settled(ticket, outcome) {
      const task = held.get(ticket);
      if (!held.delete(ticket) || task === undefined) return;
      settled++;
      void record(outcome, task);
    },
    returned(ticket) {
      held.delete(ticket);
      changed.ring();
    },
    ended(error) {
      ended = { error };
      gone.abort();
      changed.ring();
    },
  });
  const abort = (): void => {
    lane.abort();
    changed.ring();
  };
  stop.addEventListener('abort', abort, { once: true });
  if (stop.aborted) abort();

  try {
    await changed.until(() => ready || over());
    while (!over() && wanted()) {
      if (occupied() > refillAt) await changed.until(() => occupied() <= refillAt || over());
      else {
        const tasks = await take(window - occupied(), gone.signal);
        if (tasks.length === 0) break;
        // Also when the lane crashed meanwhile: they are then among those that are left.
        const ticketed = tasks.map((task) => ({ ticket: ++tickets, task }));
        for (const { ticket, task } of ticketed) held.set(ticket, task);
        if (ended === undefined) lane.give(ticketed);
      }
    }
  } catch (error) {
    fail(error);
  }
  if (ended === undefined) lane.end();
  await changed.until(() => ended !== undefined && recording === 0);
  stop.removeEventListener('abort', abort);
  if (failure !== undefined) throw (failure as { readonly error: unknown }).error;
  const error = (ended as { readonly error: unknown } | undefined)?.error;
  return {
    crash: error === undefined ? undefined : { error },
    left: [...held.values()],
    settled,
    wasReady: ready,
  };
}
