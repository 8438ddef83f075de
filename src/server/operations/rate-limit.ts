import { SealwrightError } from '../../errors.ts';
import type { RequestRate } from '../server-options.ts';

interface Bucket {
  tokens: number;
  /** Milliseconds. */
  at: number;
}

/** Whom a limit forgets first is who was quiet for longest; more than this are not remembered at once. */
const remembered = 20_000;

/**
 * A token bucket for each key (spec/server.md, "Limits"). What it takes of memory is bounded: beyond `remembered` keys, the
 * one unseen for longest starts afresh.
 */
export function rateLimit({ perSecond, burst }: RequestRate, what: string, most = remembered) {
  const buckets = new Map<string, Bucket>();
  return {
    /**
     * Takes a request, or what costs as much as several, from the bucket of `key`. Throws `THROTTLED` with the seconds until
     * there is enough again.
     */
    take(key: string, now: number, cost = 1): void {
      let bucket = buckets.get(key);
      if (bucket === undefined) {
        if (buckets.size >= most) buckets.delete(buckets.keys().next().value as string);
        bucket = { tokens: burst, at: now };
      } else {
        buckets.delete(key);
        // A clock that was set back gives nothing and takes nothing.
        const passed = Math.max(0, now - bucket.at) / 1000;
        bucket.tokens = Math.min(burst, bucket.tokens + passed * perSecond);
        bucket.at = now;
      }
      buckets.set(key, bucket);
      const wanted = Math.min(cost, burst);
      if (bucket.tokens < wanted)
        throw new SealwrightError(
          'THROTTLED',
          `Too many requests from this ${what}. Wait before the next one.`,
          {
            reason: `rate-${what}`,
            retryAfter: Math.max(1, Math.ceil((wanted - bucket.tokens) / perSecond)),
          },
        );
      bucket.tokens -= wanted;
    },
    get size() {
      return buckets.size;
    },
  };
}

/** Addresses that are counted as one: of IPv6 the network, because whoever has one address there has them all. */
export function addressGroup(address: string): string {
  const bare = address.startsWith('::ffff:') ? address.slice(7) : address;
  if (!bare.includes(':')) return bare;
  const [head = '', tail] = (bare.split('%')[0] as string).split('::', 2);
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Math.max(0, 8 - before.length - after.length);
  const groups = tail === undefined ? before : [...before, ...Array<string>(zeros).fill('0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((each) => each.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
