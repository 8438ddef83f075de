import type { Journal } from '../journal/journal.ts';

/** For runs without one. */
export function noJournal(now: Date): Journal {
  return {
    earlier: {
      runStartedAt: now.toISOString(),
      sessions: 0,
      milliseconds: 0,
      endedAt: undefined,
      complete: false,
      threads: 0,
      concurrency: 0,
      nextNumber: 0,
      isSettled: () => false,
      isOutput: () => false,
      unsettled: [],
      uncertain: false,
    },
    started: async () => undefined,
    record: () => undefined,
    flush: async () => undefined,
    end: async () => undefined,
    close: async () => undefined,
  };
}
