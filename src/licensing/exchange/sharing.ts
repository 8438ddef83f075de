import { untilAborted } from './deadline.ts';

interface Flight<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** Runs work once for all who ask under one key while it is under way; it ends early when the last of them gives up. */
export function createSharing<T>(): (
  key: string,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
) => Promise<T> {
  const flights = new Map<string, Flight<T>>();
  return async (key, signal, work) => {
    signal?.throwIfAborted();
    let flight = flights.get(key);
    if (flight === undefined) {
      const controller = new AbortController();
      const started: Flight<T> = { result: work(controller.signal), controller, waiting: 0 };
      const over = () => {
        if (flights.get(key) === started) flights.delete(key);
      };
      started.result.then(over, over);
      flights.set(key, started);
      flight = started;
    }
    const joined = flight;
    joined.waiting++;
    try {
      return await (signal === undefined ? joined.result : untilAborted(joined.result, signal));
    } finally {
      joined.waiting--;
      if (joined.waiting === 0 && signal?.aborted) {
        if (flights.get(key) === joined) flights.delete(key);
        joined.controller.abort(signal.reason);
      }
    }
  };
}
