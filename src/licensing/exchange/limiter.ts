import { checkedNumber } from './checked-number.ts';
import { sleepFor } from './deadline.ts';
import type { RequestLimit } from './exchange.ts';

/** Lets requests pass in the order they came, no more at once and no more in an interval than allowed. */
export interface Limiter {
  /** Waits for a turn; gives what is to be called when the request is over. */
  enter(signal: AbortSignal): Promise<() => void>;
}

/** What a limiter measures and waits with. */
export interface LimiterClock {
  readonly now: () => Date;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

interface Waiting {
  readonly grant: () => void;
}

/**
 * A limit that several services share, where one organization's limit holds for all of them: of any
 * `requests` + 1 requests, the last begins at least `interval` after the first (spec/rest.md, "Endurance").
 *
 * @throws `INVALID_ARGUMENT` for numbers that make no sense
 *
 * @example
 * ```ts
 * import { requestLimiter, restLicensingService } from 'sealwright/licensing';
 * const limiter = requestLimiter({ requests: 7500, interval: 10_000 });
 * const url = 'https://rms.contoso.com';
 * const alice = restLicensingService({ url, user: 'alice@contoso.com', tokens, limiter });
 * const bob = restLicensingService({ url, user: 'bob@contoso.com', tokens, limiter });
 * ```
 */
export const requestLimiter = (limit: RequestLimit): Limiter =>
  createLimiter(limit, { now: () => new Date(), sleep: sleepFor });

/** A sliding window: of any `requests` + 1 requests, the last begins at least `interval` after the first. */
export function createLimiter(limit: RequestLimit, clock: LimiterClock): Limiter {
  const requests = checkedNumber(limit.requests, 'limiter.requests', {
    least: 1,
    most: 1_000_000,
    whole: true,
  });
  const interval = checkedNumber(limit.interval, 'limiter.interval');
  const concurrent = checkedNumber(limit.concurrent ?? 64, 'limiter.concurrent', { least: 1, whole: true });
  // When the last `requests` requests began; the oldest is overwritten by the next.
  const begun: number[] = [];
  let next = 0;
  let underWay = 0;
  const queue = new Set<Waiting>();
  let timer: AbortController | undefined;
  // Time that never runs backwards: what was slept counts as passed, and a clock that is set back goes on from there.
  let skew = 0;
  let latest = Number.NEGATIVE_INFINITY;
  const time = (atLeast = latest): number => {
    const read = clock.now().getTime() + skew;
    if (read < atLeast) skew += atLeast - read;
    latest = Math.max(read, atLeast);
    return latest;
  };

  const pump = (): void => {
    for (const waiting of queue) {
      if (timer !== undefined || underWay >= concurrent) return;
      const free = (begun[next] ?? Number.NEGATIVE_INFINITY) + interval;
      const wait = free - time();
      if (wait > 0) {
        sleepUntil(free, Math.min(wait, interval));
        return;
      }
      queue.delete(waiting);
      begun[next] = time();
      next = (next + 1) % requests;
      underWay++;
      waiting.grant();
    }
  };
  const sleepUntil = (free: number, milliseconds: number): void => {
    const sleeping = new AbortController();
    timer = sleeping;
    const woken = () => {
      if (timer !== sleeping) return;
      timer = undefined;
      time(Math.max(free, latest));
      pump();
    };
    // Timers fire up to a millisecond early.
    clock.sleep(Math.ceil(milliseconds) + 1, sleeping.signal).then(woken, woken);
  };

  return {
    enter: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        let inside = true;
        const leave = () => {
          if (!inside) return;
          inside = false;
          underWay--;
          pump();
        };
        const giveUp = () => {
          queue.delete(waiting);
          reject(signal.reason);
          if (queue.size === 0 && timer !== undefined) {
            const sleeping = timer;
            timer = undefined;
            sleeping.abort();
          }
        };
        const waiting: Waiting = {
          grant: () => {
            signal.removeEventListener('abort', giveUp);
            resolve(leave);
          },
        };
        queue.add(waiting);
        signal.addEventListener('abort', giveUp, { once: true });
        pump();
      }),
  };
}
