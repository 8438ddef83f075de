import { SealwrightError } from '../../errors.ts';
import type { LimiterClock } from './limiter.ts';

/** Services that asked to be left alone for a while, by origin. */
export interface Pauses {
  /** Nothing is sent to the origin for so many milliseconds from now. */
  begin(origin: string, milliseconds: number): void;
  isPaused(origin: string): boolean;
  /** Waits until the pause is over; throws `THROTTLED` if that is longer than `longest` milliseconds. */
  wait(url: URL, longest: number, signal: AbortSignal): Promise<void>;
}

/** No origin is paused at first. */
export function createPauses({ now, sleep }: LimiterClock): Pauses {
  const ends = new Map<string, number>();
  const isPaused = (origin: string): boolean => {
    const end = ends.get(origin);
    if (end === undefined) return false;
    if (end > now().getTime()) return true;
    ends.delete(origin);
    return false;
  };
  return {
    begin(origin, milliseconds) {
      const end = now().getTime() + milliseconds;
      ends.set(origin, Math.max(end, ends.get(origin) ?? 0));
    },
    isPaused,
    async wait({ origin, host, hostname }, longest, signal) {
      while (isPaused(origin)) {
        const end = ends.get(origin) as number;
        const left = end - now().getTime();
        if (left > longest) throw throttled(host, hostname, left);
        await sleep(left, signal);
        // Slept is slept, whatever the clock says; unless the pause was made longer meanwhile.
        if (ends.get(origin) === end) ends.delete(origin);
      }
    },
  };
}

/** The service wants fewer requests than there are. */
export const throttled = (
  host: string,
  hostname: string,
  milliseconds: number | undefined,
  details: { readonly status?: number; readonly requestId?: string } = {},
): SealwrightError =>
  new SealwrightError(
    'THROTTLED',
    milliseconds === undefined
      ? `${host} gets too many requests and refuses more. Try again later, with fewer at once.`
      : `${host} gets too many requests and wants to be left alone for ${Math.ceil(milliseconds / 1000)} seconds. Try again after that.`,
    {
      ...details,
      host: hostname,
      ...(milliseconds === undefined ? {} : { retryAfter: Math.ceil(milliseconds / 1000) }),
    },
  );
