/**
 * Does the same thing once for all who want it at the same time. Each may leave by its own signal; the work is aborted when
 * all have left.
 */
export function sharedFlights<T>(): (
  key: string,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
) => Promise<T> {
  const flights = new Map<
    string,
    { readonly result: Promise<T>; readonly end: AbortController; waiting: number }
  >();
  return async (key, signal, work) => {
    signal?.throwIfAborted();
    let flight = flights.get(key);
    if (flight === undefined) {
      const end = new AbortController();
      const result = work(end.signal).finally(() => {
        if (flights.get(key)?.end === end) flights.delete(key);
      });
      flight = { result, end, waiting: 0 };
      flights.set(key, flight);
    }
    const joined = flight;
    joined.waiting++;
    let leave: (() => void) | undefined;
    try {
      if (signal === undefined) return await joined.result;
      const left = new Promise<never>((_, reject) => {
        leave = () => reject(signal.reason);
        signal.addEventListener('abort', leave, { once: true });
      });
      return await Promise.race([joined.result, left]);
    } finally {
      if (leave !== undefined) signal?.removeEventListener('abort', leave);
      joined.waiting--;
      if (joined.waiting === 0) {
        if (flights.get(key) === joined) flights.delete(key);
        joined.end.abort(signal?.reason);
        joined.result.catch(() => {});
      }
    }
  };
}
