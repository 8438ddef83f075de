import { describe, expect, it } from 'vitest';
import { createExchange } from './create-exchange.ts';

describe('createExchange', () => {
  it('learns the challenge with an empty request and sends the real one with a token', async () => {
    const seen: (readonly [string | undefined, string | null])[] = [];
    const exchange = createExchange({
      tokens: async () => 't0',
      named: ['https://rms.contoso.com'],
      trust: { authorities: ['https://login.contoso.com'] },
      fetch: async (_url, init) => {
        const authorization = new Headers(init?.headers).get('authorization');
        seen.push([init?.body as string | undefined, authorization]);
        if (authorization === null) {
          const challenge = 'Bearer authorization="https://login.contoso.com/common", resource="r"';
          return new Response('{}', { status: 401, headers: { 'www-authenticate': challenge } });
        }
        return Response.json({ ok: true });
      },
    });
    const url = new URL('https://rms.contoso.com/my/v2/enduserlicenses');
    const answer = await exchange.send({ method: 'POST', url, body: { a: 1 }, repeatable: true });
    expect(answer.json).toEqual({ ok: true });
    expect(seen).toEqual([
      ['{}', null],
      ['{"a":1}', 'Bearer t0'],
    ]);
  });
});
