import type { Random } from '../server-fuzz/random.ts';

/** What can happen to a request on its way, in percent of all requests: 5 dropped, 5 with 503, 1 with 429. */
const percentages = {
  /** The connection ends before the request was read. */
  'dropped-unread': 1,
  /** The request was read and not passed on. */
  'dropped-unanswered': 1,
  /** The server answered, and the client sees nothing of it: what would be logged twice. */
  'dropped-answered': 2,
  /** The connection ends in the middle of the answer. */
  'dropped-halfway': 1,
  unavailable: 2,
  /** With `Retry-After`. */
  'unavailable-later': 1.5,
  /** The server answered, but a gateway in between had given up. */
  'unavailable-answered': 1.5,
  /** 429 with `Retry-After`. */
  throttled: 1,
} as const;

/** What happens to one request. */
export type Fault = keyof typeof percentages | 'none';

/** Faults in which the request reaches the server all the same. */
export const reachesServer = (fault: Fault): boolean =>
  fault === 'none' || fault.endsWith('-answered') || fault === 'dropped-halfway';

/** Seconds in `Retry-After`. */
export const retryAfterSeconds = 1;

/** Decides about the next request. */
export function nextFault(random: Random): Fault {
  let left = random.below(100_000) / 1000;
  for (const [fault, percentage] of Object.entries(percentages) as [Fault, number][]) {
    if (left < percentage) return fault;
    left -= percentage;
  }
  return 'none';
}

/** One request as the proxy saw it. Times are milliseconds since 1970, with fractions. */
export interface Passage {
  /** A moment before the client's limiter let the request go, in the same turn of its event loop. */
  readonly letGoAfter: number;
  /** When the client says that it sent the request. */
  readonly sent: number;
  readonly arrived: number;
  /** When the last of the answer was handed over, or the connection cut. */
  over: number;
  readonly path: string;
  readonly requestId: string;
  readonly signedIn: boolean;
  readonly fault: Fault;
  /** What the server answered, if it did. */
  served?: number;
  /** What the client was answered, if it was. */
  answered?: number;
}

/** Name of the header in which the client says since when its limiter may have let the request go, and when it sent it. */
export const sentHeader = 'x-test-sent';

/** A clock that all processes of this machine share, finer than milliseconds. */
export const sharedTime = (): number => performance.timeOrigin + performance.now();
