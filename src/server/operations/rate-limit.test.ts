import { describe, expect, it } from 'vitest';
import { rateLimit } from './rate-limit.ts';

const taken = (limit: ReturnType<typeof rateLimit>, key: string, now: number): number | undefined => {
  try {
    limit.take(key, now);
    return undefined;
  } catch (error) {
    return (error as { details: { retryAfter?: number } }).details.retryAfter;
  }
};

describe('a rate limit', () => {
  it('lets a burst through, then so many a second', () => {
    const limit = rateLimit({ perSecond: 2, burst: 3 }, 'caller');
    expect([0, 0, 0, 0].map((now) => taken(limit, 'a', now))).toEqual([undefined, undefined, undefined, 1]);
    expect(taken(limit, 'a', 499)).toBe(1);
    expect(taken(limit, 'a', 500)).toBeUndefined();
    expect(taken(limit, 'a', 501)).toBe(1);
    expect([60_000, 60_000, 60_000, 60_000].map((now) => taken(limit, 'a', now))).toEqual([
      undefined,
      undefined,
      undefined,
      1,
    ]);
  });

  it('says how long to wait', () => {
    const limit = rateLimit({ perSecond: 0.1, burst: 1 }, 'caller');
    taken(limit, 'a', 0);
    expect(taken(limit, 'a', 0)).toBe(10);
    expect(taken(limit, 'a', 9_000)).toBe(1);
  });

  it('gives nothing for a clock that was set back', () => {
    const limit = rateLimit({ perSecond: 1, burst: 1 }, 'caller');
    taken(limit, 'a', 10_000);
    expect(taken(limit, 'a', 0)).toBe(1);
    expect(taken(limit, 'a', 999)).toBe(1);
    expect(taken(limit, 'a', 1_000)).toBeUndefined();
  });

  it('remembers so many keys and no more, and forgets the quietest first', () => {
    const limit = rateLimit({ perSecond: 0.001, burst: 1 }, 'address', 3);
    for (const key of ['a', 'b', 'c']) taken(limit, key, 0);
    expect(taken(limit, 'a', 1)).toBeGreaterThan(0);
    taken(limit, 'd', 2);
    expect(limit.size).toBe(3);
    expect(taken(limit, 'a', 3)).toBeGreaterThan(0);
    expect(taken(limit, 'b', 3)).toBeUndefined();
  });
});
