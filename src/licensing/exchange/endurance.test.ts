import { describe, expect, it } from 'vitest';
import { SealwrightError } from '../../errors.ts';
import { broken, challenged, scripted, signedIn, status, url } from './exchange.test-support.ts';

const get = { method: 'GET', url, repeatable: true } as const;
const post = { method: 'POST', url, body: { a: 1 }, repeatable: false } as const;
const never = () => new Promise<Response>(() => undefined);
const ok = () => Response.json({});
const withToken = (sent: readonly { readonly token: string | undefined }[]) =>
  sent.filter(({ token }) => token !== undefined);

describe('repeating', () => {
  it('tries again with growing jitter and the same request id until it works', async () => {
    let left = 4;
    const { exchange, sent, waits } = scripted(signedIn(() => (left-- > 0 ? status(503) : ok())));
    await exchange.send(get);
    expect(waits).toEqual([125, 250, 500, 1000]);
    expect(new Set(sent.map(({ headers }) => headers.get('x-ms-rms-request-id'))).size).toBe(1);
  });

  it('gives up after as many repeats as allowed, with what the service said', async () => {
    const body = { Message: 'Down for repairs', Sealwright: { Reason: 'maintenance' } };
    const { exchange, sent } = scripted(
      signedIn(() => status(503, {}, body)),
      { retries: { count: 2 } },
    );
    await expect(exchange.send(get)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringContaining('Down for repairs'),
      details: { status: 503, reason: 'maintenance', host: 'rms.contoso.com', requestId: expect.any(String) },
    });
    expect(withToken(sent)).toHaveLength(3);
  });

  it('repeats what is not repeatable only where it surely was not worked on', async () => {
    for (const [failure, times] of [
      [() => status(503), 5],
      [() => status(429), 5],
      [() => status(502), 1],
      [() => status(504), 1],
      [() => broken('ECONNREFUSED'), 5],
      [() => broken('EAI_AGAIN'), 5],
      [() => broken('ECONNRESET'), 1],
      [() => broken('ENOTFOUND'), 1],
      [() => broken('CERT_HAS_EXPIRED'), 1],
    ] as const) {
      const { exchange, sent } = scripted(signedIn(failure));
      await expect(exchange.send(post)).rejects.toBeInstanceOf(SealwrightError);
      expect(withToken(sent), failure.toString()).toHaveLength(times);
    }
    for (const failure of [() => status(502), () => status(504), () => broken('ECONNRESET')]) {
      const { exchange, sent } = scripted(signedIn(failure));
      await expect(exchange.send(get)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
      expect(withToken(sent)).toHaveLength(5);
    }
  });

  it('leaves other statuses to the caller', async () => {
    for (const code of [201, 204, 400, 403, 404, 410, 500, 501]) {
      const { exchange, sent } = scripted(signedIn(() => new Response(null, { status: code })));
      await expect(exchange.send(get)).resolves.toMatchObject({ status: code, json: undefined });
      expect(sent).toHaveLength(2);
    }
  });

  it('repeats an answer that breaks off in the middle', async () => {
    let left = 1;
    const half = () => {
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('{"a"')),
        pull: (controller) => controller.error(Object.assign(new Error('x'), { code: 'ECONNRESET' })),
      });
      return new Response(body);
    };
    const { exchange, sent } = scripted(signedIn(() => (left-- > 0 ? half() : ok())));
    await exchange.send(get);
    expect(withToken(sent)).toHaveLength(2);
  });

  it('passes on a typed error of the injected fetch, once', async () => {
    const error = new SealwrightError('PROXY_FAILED', 'The proxy wants a sign-in.');
    const { exchange, sent } = scripted(() => {
      throw error;
    });
    await expect(exchange.send(get)).rejects.toBe(error);
    expect(sent).toHaveLength(1);
    await expect(scripted(() => status(407)).exchange.send(get)).rejects.toMatchObject({
      code: 'PROXY_FAILED',
    });
  });
});

describe('Retry-After', () => {
  it('is honoured, in seconds and as a date, and jitter comes on top', async () => {
    for (const header of ['7', 'Thu, 01 Jan 2026 00:00:07 GMT'])
      for (const code of [429, 503]) {
        let left = 1;
        const { exchange, waits } = scripted(
          signedIn(() => (left-- > 0 ? status(code, { 'retry-after': header }) : ok())),
        );
        await exchange.send(get);
        expect(waits).toEqual([7125]);
      }
  });

  it('of a 429 pauses everything for that origin', async () => {
    let throttle = true;
    let woken = false;
    const waits: number[] = [];
    let wake = (): void => undefined;
    const { exchange, sent } = scripted(
      signedIn(() => {
        if (!throttle) return ok();
        throttle = false;
        return status(429, { 'retry-after': '5' });
      }),
      {
        now: () => new Date(woken ? 10_000 : 0),
        sleep: (milliseconds) =>
          new Promise((resolve) => {
            waits.push(milliseconds);
            const before = wake;
            wake = () => {
              woken = true;
              before();
              resolve();
            };
          }),
      },
    );
    const first = exchange.send(get);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const second = exchange.send(get);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(withToken(sent)).toHaveLength(1);
    wake();
    await Promise.all([first, second]);
    expect(waits).toEqual([5125, 5125]);
    expect(withToken(sent)).toHaveLength(3);
  });

  it('beyond the longest delay fails, and keeps the service from being asked meanwhile', async () => {
    const { exchange, sent } = scripted(signedIn(() => status(429, { 'retry-after': '3600' })));
    const throttled = {
      code: 'THROTTLED',
      details: { retryAfter: 3600, status: 429, host: 'rms.contoso.com' },
    };
    await expect(exchange.send(get)).rejects.toMatchObject(throttled);
    const count = sent.length;
    await expect(exchange.send(get)).rejects.toMatchObject({
      code: 'THROTTLED',
      details: { retryAfter: 3600 },
    });
    expect(sent).toHaveLength(count);
  });

  it('beyond the time that is left fails at once', async () => {
    const { exchange, waits } = scripted(
      signedIn(() => status(503, { 'retry-after': '30' })),
      {
        timeouts: { total: 20_000 },
      },
    );
    await expect(exchange.send(get)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      details: { retryAfter: 30 },
    });
    expect(waits).toEqual([]);
  });
});

describe('timeouts', () => {
  const drip = (milliseconds: number) =>
    new Response(
      new ReadableStream({
        pull: async (controller) => {
          await new Promise((resolve) => setTimeout(resolve, milliseconds));
          controller.enqueue(Uint8Array.of(0x20));
        },
      }),
    );

  it.each([
    ['head', { head: 15 }, never],
    ['idle', { idle: 15 }, () => drip(1000)],
    ['attempt', { attempt: 60, idle: 40 }, () => drip(5)],
    ['total', { total: 30 }, never],
  ] as const)(
    'end a request whose %s takes too long, even if fetch does not listen',
    async (reason, timeouts, answer) => {
      const { exchange } = scripted(signedIn(answer), { timeouts, retries: { count: 1 } });
      await expect(exchange.send(get)).rejects.toMatchObject({
        code: 'TIMED_OUT',
        details: { reason, host: 'rms.contoso.com', requestId: expect.any(String) },
      });
    },
  );

  it('end the wait for a token too', async () => {
    const { exchange } = scripted(() => challenged(), {
      tokens: () => new Promise(() => undefined),
      timeouts: { total: 20 },
    });
    await expect(exchange.send(get)).rejects.toMatchObject({
      code: 'TIMED_OUT',
      details: { reason: 'total' },
    });
  });

  it('refuse numbers that make no sense', () => {
    for (const options of [
      { timeouts: { head: -1 } },
      { retries: { count: 1.5 } },
      { timeouts: { total: Number.NaN } },
    ])
      expect(() => scripted(ok, options)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});

describe('cancelling', () => {
  const reason = new Error('enough');

  it('rejects with the signal’s reason, wherever the request is', async () => {
    for (const [script, options] of [
      [never, {}],
      [signedIn(never), {}],
      [() => challenged(), { tokens: () => new Promise<string>(() => undefined) }],
      [() => status(503), { sleep: (_: number, signal?: AbortSignal) => hang(signal) }],
      [() => new Response(new ReadableStream({})), {}],
      [() => new Response(new ReadableStream({}), { status: 500 }), {}],
    ] as const) {
      const controller = new AbortController();
      const { exchange } = scripted(script, options);
      const pending = exchange.send(get, { signal: controller.signal });
      setTimeout(() => controller.abort(reason), 10);
      await expect(pending).rejects.toBe(reason);
    }
  });

  const hang = (signal?: AbortSignal) =>
    new Promise<void>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));

  it('sends nothing if it comes first', async () => {
    const { exchange, sent } = scripted(ok);
    await expect(exchange.send(get, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(sent).toHaveLength(0);
  });
});

describe('sharing', () => {
  const shared = { ...get, shareKey: 'k' };
  const tokens = async () => 'token';

  it('gives one answer to all who ask the same at once, and asks anew afterwards', async () => {
    const { exchange, sent } = scripted(signedIn(ok), { tokens });
    const answers = await Promise.all(Array.from({ length: 10 }, () => exchange.send(shared)));
    expect(new Set(answers).size).toBe(1);
    expect(sent).toHaveLength(2);
    await exchange.send(shared);
    expect(sent).toHaveLength(3);
  });

  it('keeps apart what is for different people', async () => {
    const { exchange, sent } = scripted(signedIn(ok));
    await Promise.all(['a', 'b'].map((user) => exchange.send({ ...shared, user })));
    expect(withToken(sent)).toHaveLength(2);
  });

  it('never gives one caller what another was granted where the provider has a token for each', async () => {
    const callers = ['alice', 'bob'];
    const { exchange, sent } = scripted(
      signedIn(({ token }) => status(200, {}, { grantedTo: token })),
      // Tokens on behalf of whoever calls, with nobody named: `msalOnBehalfOf`.
      { tokens: async () => callers.shift() ?? 'carol' },
    );
    const answers = await Promise.all([exchange.send(shared), exchange.send(shared)]);
    const granted = answers.map(({ json }) => (json as { readonly grantedTo: string }).grantedTo);
    expect(granted.sort()).toEqual(['alice', 'bob']);
    expect(sent.filter(({ token }) => token === undefined)).toHaveLength(1);
  });

  it('counts callers under one name as one, however often their token changes', async () => {
    const { exchange, sent } = scripted(signedIn(ok));
    await Promise.all([1, 2, 3].map(() => exchange.send({ ...shared, user: 'a' })));
    expect(withToken(sent)).toHaveLength(1);
  });

  it('goes on for the others when one gives up, and ends when all have', async () => {
    let answer = (_: Response): void => undefined;
    let aborted = false;
    const { exchange } = scripted(
      signedIn(({ init }) => {
        init.signal?.addEventListener('abort', () => {
          aborted = true;
        });
        return new Promise((resolve) => {
          answer = resolve;
        });
      }),
      { tokens },
    );
    const controllers = [new AbortController(), new AbortController()] as const;
    const first = exchange.send(shared, { signal: controllers[0].signal });
    const second = exchange.send(shared, { signal: controllers[1].signal });
    await new Promise((resolve) => setTimeout(resolve, 10));
    controllers[0].abort('mine');
    await expect(first).rejects.toBe('mine');
    expect(aborted).toBe(false);
    answer(ok());
    await expect(second).resolves.toMatchObject({ status: 200 });
    const third = exchange.send(shared, { signal: controllers[1].signal });
    await new Promise((resolve) => setTimeout(resolve, 10));
    controllers[1].abort('mine too');
    await expect(third).rejects.toBe('mine too');
    expect(aborted).toBe(true);
  });
});
