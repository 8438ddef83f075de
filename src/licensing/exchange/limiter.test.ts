import { describe, expect, it } from 'vitest';
import { createExchange } from './create-exchange.ts';
import { createLimiter, requestLimiter } from './limiter.ts';

/** A clock that only sleeping moves. */
function drivenClock() {
  let time = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => new Date(time),
    sleep: (milliseconds: number, signal?: AbortSignal) =>
      new Promise<void>((wake, reject) => {
        sleepers.push({ at: time + milliseconds, wake });
        signal?.addEventListener('abort', () => reject(signal.reason));
      }),
    async advance(milliseconds: number) {
      time += milliseconds;
      for (const { at, wake } of sleepers) if (at <= time) wake();
      await settle();
    },
  };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));
const none = new AbortController().signal;

describe('createLimiter', () => {
  it('lets no more through in any interval than allowed, in the order they came', async () => {
    const clock = drivenClock();
    const limiter = createLimiter({ requests: 3, interval: 1000, concurrent: 100 }, clock);
    const passed: { index: number; at: number }[] = [];
    for (let index = 0; index < 10; index++)
      limiter.enter(none).then((leave) => {
        passed.push({ index, at: clock.now().getTime() });
        leave();
      });
    await settle();
    for (let i = 0; i < 40; i++) await clock.advance(100);
    expect(passed.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (let i = 3; i < 10; i++)
      expect((passed[i]?.at ?? 0) - (passed[i - 3]?.at ?? 0)).toBeGreaterThanOrEqual(1000);
  });

  it('lets no more be under way at once than allowed', async () => {
    const clock = drivenClock();
    const limiter = createLimiter({ requests: 100, interval: 1000, concurrent: 2 }, clock);
    const first = await limiter.enter(none);
    await limiter.enter(none);
    let third = false;
    limiter.enter(none).then(() => {
      third = true;
    });
    await settle();
    expect(third).toBe(false);
    first();
    first();
    await settle();
    expect(third).toBe(true);
  });

  it('lets go of those who give up, and forgets nobody behind them', async () => {
    const clock = drivenClock();
    const limiter = createLimiter({ requests: 100, interval: 1000, concurrent: 1 }, clock);
    const leave = await limiter.enter(none);
    const controller = new AbortController();
    const second = limiter.enter(controller.signal);
    const third = limiter.enter(none);
    controller.abort('enough');
    await expect(second).rejects.toBe('enough');
    leave();
    await expect(third).resolves.toBeTypeOf('function');
    await expect(limiter.enter(controller.signal)).rejects.toBe('enough');
  });

  it('does not hang when the clock stands still or runs backwards', async () => {
    let time = 1_000_000;
    const limiter = createLimiter(
      { requests: 1, interval: 1000 },
      {
        now: () => {
          time -= 500_000;
          return new Date(time);
        },
        sleep: async () => undefined,
      },
    );
    for (let i = 0; i < 20; i++) (await limiter.enter(none))();
  });

  it('refuses limits that let nothing through', () => {
    const clock = drivenClock();
    for (const limit of [
      { requests: 0, interval: 1 },
      { requests: 1, interval: Number.NaN },
      { requests: 1, interval: 1, concurrent: 0 },
    ])
      expect(() => createLimiter(limit, clock)).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      );
  });
});

describe('requestLimiter', () => {
  it('counts the requests of every service that shares it', async () => {
    const limiter = requestLimiter({ requests: 100, interval: 10_000, concurrent: 1 });
    let underWay = 0;
    let most = 0;
    const fetch = (async () => {
      most = Math.max(most, ++underWay);
      await settle();
      underWay--;
      return new Response('[]', { status: 200, headers: { 'content-type': 'application/json' } });
    }) as typeof globalThis.fetch;
    const named = ['https://rms.contoso.com'];
    const url = new URL('https://rms.contoso.com/my/v2/templates');
    const exchanges = ['alice', 'bob'].map((who) =>
      createExchange({ tokens: async () => who, named, fetch, limiter }),
    );
    await Promise.all(
      exchanges.map((exchange) =>
        exchange.send({ method: 'GET', url, repeatable: true }).catch(() => undefined),
      ),
    );
    expect(most).toBe(1);
  });
});
