import { describe, expect, it } from 'vitest';
import { SealwrightError } from '../errors.ts';
import { type Stage, stage } from './server.test-support.ts';
import type { HandedOn, ServerOptions } from './server-options.ts';

const templates = '/my/v2/templates';

describe('sign-in', () => {
  it('asks whoever has no token to sign in, before it looks at the body', async () => {
    const on = await stage();
    for (const path of ['/my/v1/enduserlicenses', '/my/v2/enduserlicenses']) {
      const { status, headers, body } = await on.send(path, { body: '{not json' });
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toBe(
        'Bearer resource="https://rms.contoso.com", authorization="https://login.contoso.com/authorize", realm="https://rms.contoso.com"',
      );
      expect(body).toEqual({ Message: 'Authorization has been denied for this request.' });
    }
  });

  it('says why a token is not accepted, in a header that nothing can break out of', async () => {
    const on = await stage();
    const { status, headers, body } = await on.send(templates, { who: 'bad.token-expired' });
    expect(status).toBe(401);
    expect(body).toEqual({
      Message: 'The token is "no" good.',
      Sealwright: { Code: 'AUTHENTICATION_FAILED', Reason: 'token-expired' },
    });
    expect(headers.get('www-authenticate')).toContain(
      `error="invalid_token", error_description="The token is 'no' good."`,
    );
  });

  it('refuses what is no bearer token at all', async () => {
    const on = await stage();
    for (const authorization of [
      'Basic YTpi',
      'Bearer',
      'Bearer a b',
      'Bearer "x"',
      `Bearer ${'x'.repeat(20_000)}`,
    ]) {
      const { status, body } = await on.send(templates, { headers: { authorization } });
      expect(status).toBe(401);
      expect(body.Message).toBe('The authorization token is not well-formed.');
    }
  });

  it('sends people to their own issuer: by the token they had, or by the address they look for', async () => {
    const on = await stage({
      verifyToken: async () => {
        throw new SealwrightError('AUTHENTICATION_FAILED', 'No.', { reason: 'token-expired' });
      },
    });
    const partner = `x.${btoa(JSON.stringify({ iss: 'https://login.partner.example' })).replace(/=+$/, '')}.y`;
    const byToken = await on.send(templates, { who: partner });
    const byAddress = await on.send('/my/v2/servicediscovery?email=max%40Partner.example');
    for (const { headers } of [byToken, byAddress])
      expect(headers.get('www-authenticate')).toContain(
        'authorization="https://login.partner.example/authorize", realm="rms/.default"',
      );
    for (const token of ['x', 'a.b.c', `a.${btoa('7')}.c`, `a.${btoa('{"iss":7}')}.c`])
      expect((await on.send(templates, { who: token })).headers.get('www-authenticate')).toContain(
        'login.contoso.com',
      );
  });

  it('answers 503 where it cannot find out whose token it is', async () => {
    const on = await stage({
      verifyToken: async () => {
        throw new SealwrightError('SERVICE_UNAVAILABLE', 'keys of https://10.0.0.1 out of reach');
      },
    });
    const { status, headers, body } = await on.send(templates, { who: 'alice' });
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('2');
    expect(JSON.stringify(body)).not.toContain('10.0.0.1');
  });
});

describe('defects', () => {
  it('are 500 with an id and nothing else, and the log has the id and the place', async () => {
    const on = await stage({
      verifyToken: async () => {
        throw new TypeError('secret: eyJhbGciOi');
      },
    });
    const { status, body } = await on.send(templates, { who: 'alice' });
    expect(status).toBe(500);
    const id = on.lines[0]?.id as string;
    expect(body).toEqual({
      Message: `The service failed. Tell whoever runs it the id of the request: ${id}.`,
    });
    expect(on.lines[0]).toMatchObject({
      level: 'error',
      status: 500,
      defect: expect.stringContaining('app.test.ts'),
    });
    expect(JSON.stringify(on.lines)).not.toContain('eyJ');
  });

  it('of the disk are 503, without its paths', async () => {
    const memory = await stage();
    const authority: ServerOptions['authority'] = {
      ...memory.authority,
      as: () => {
        throw new SealwrightError('IO_FAILED', 'cannot read /var/lib/rms/authority.db');
      },
    };
    const on = await stage({ authority });
    const { status, body } = await on.send(templates, { who: 'alice' });
    expect(status).toBe(503);
    expect(JSON.stringify(body)).not.toContain('/var');
    expect(body.Sealwright.Code).toBe('SERVICE_UNAVAILABLE');
  });
});

describe('operations', () => {
  it('says that it runs, and that it can serve', async () => {
    const on = await stage();
    expect(await on.send('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await on.send('/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
    on.server.drain();
    expect(await on.send('/readyz')).toMatchObject({ status: 503, body: { status: 'stopping' } });
    const broken = await stage({ ready: () => Promise.reject(new Error('no')) });
    expect(await broken.send('/readyz')).toMatchObject({ status: 503, body: { status: 'unavailable' } });
  });

  it('tells anyone how to sign in and which key to pin', async () => {
    const on = await stage();
    const { body } = await on.send('/.well-known/sealwright');
    expect(body).toMatchObject({ Name: 'Contoso', KeySha256: on.authority.facts.keySha256 });
  });

  it('counts requests, decisions and refused tokens, for this machine only', async () => {
    const on = await stage();
    await on.send(templates, { who: 'alice' });
    await on.send(templates, { who: 'bad.token-expired' });
    await on.send('/nowhere/else');
    const { body, headers } = await on.send('/metrics', { connection: { address: '127.0.0.1' } });
    expect(headers.get('content-type')).toContain('text/plain');
    expect(body).toContain('sealwright_requests_total{route="/templates",status="200"} 1');
    expect(body).toContain('sealwright_requests_total{route="unknown",status="404"} 1');
    expect(body).toContain('sealwright_tokens_refused_total{reason="token-expired"} 1');
    expect(body).toContain('sealwright_requests_in_flight 1');
    expect(body).toContain('process_resident_memory_bytes');
    expect((await on.send('/metrics', { connection: { address: '198.51.100.7' } })).status).toBe(403);
    expect((await (await stage({ metrics: 'off' })).send('/metrics')).status).toBe(404);
    expect(
      (
        await (
          await stage({ metrics: 'everyone' })
        ).send('/metrics', { connection: { address: '198.51.100.7' } })
      ).status,
    ).toBe(200);
  });

  it('logs a line for each request, without people, machines, tokens or addresses of pages', async () => {
    const on = await stage();
    await visit(on);
    expect(on.lines).toHaveLength(3);
    expect(on.lines[0]).toMatchObject({
      event: 'request',
      level: 'info',
      method: 'GET',
      route: '/servicediscovery',
      status: 200,
      issuer: 'https://login.contoso.com',
      home: true,
      correlationId: '22222222-2222-4222-8222-222222222222',
    });
    expect(on.lines[1]).toMatchObject({
      status: 401,
      code: 'AUTHENTICATION_FAILED',
      reason: 'token-expired',
    });
    const all = JSON.stringify(on.lines);
    for (const secret of ['alice', 'bob', '198.51.100.7', 'bad.token', 'secret-page'])
      expect(all).not.toContain(secret);
  });

  it('names people and machines in the log where that is asked for', async () => {
    const on = await stage({ personalData: true });
    await visit(on);
    expect(on.lines[0]).toMatchObject({ caller: 'alice@contoso.com', address: '198.51.100.7' });
  });

  it('sends headers that keep browsers and caches from doing anything with an answer', async () => {
    const on = await stage();
    for (const path of ['/healthz', templates, '/nothing']) {
      const { headers } = await on.send(path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

const visit = async (on: Stage): Promise<void> => {
  const connection = { address: '198.51.100.7' };
  await on.send('/my/v2/servicediscovery?email=bob@contoso.com', {
    who: 'alice',
    connection,
    headers: {
      'x-ms-rms-request-id': '11111111-1111-4111-8111-111111111111;22222222-2222-4222-8222-222222222222',
    },
  });
  await on.send(templates, { who: 'bad.token-expired', connection });
  await on.send('/secret-page', { connection });
};

describe('pages of other origins', () => {
  const preflight = { origin: 'https://app.contoso.com', 'access-control-request-method': 'POST' };

  it('get nothing by default', async () => {
    const on = await stage();
    const { status, headers } = await on.send(templates, { method: 'OPTIONS', headers: preflight });
    expect(status).toBe(405);
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('get what they need where their origin is configured, and only theirs', async () => {
    const on = await stage({ origins: ['https://app.contoso.com'] });
    const asked = await on.send(templates, { method: 'OPTIONS', headers: preflight });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe('https://app.contoso.com');
    expect(asked.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
    const challenged = await on.send(templates, { headers: { origin: 'https://app.contoso.com' } });
    expect(challenged.headers.get('access-control-expose-headers')).toContain('www-authenticate');
    const other = await on.send(templates, { headers: { origin: 'https://evil.example' } });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    expect(other.headers.get('vary')).toBe('Origin');
  });
});

describe('parts mounted into the server', () => {
  it('see who asks, a bounded body and a path without their prefix', async () => {
    const seen: [string, string, HandedOn][] = [];
    const on = await stage({
      limits: { bodyBytes: 100 },
      administration: {
        async fetch(request, handedOn) {
          seen.push([new URL(request.url).pathname, await request.text(), handedOn]);
          return new Response('{}', { status: 201, headers: { 'content-type': 'application/json' } });
        },
      },
    });
    const answer = await on.send('/admin/v1/templates/7', { who: 'alice', method: 'PUT', body: { a: 1 } });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-request-id')).not.toBeNull();
    expect(seen[0]?.slice(0, 2)).toEqual(['/templates/7', '{"a":1}']);
    expect(seen[0]?.[2].caller?.identity.email).toBe('alice@contoso.com');
    expect((await on.send('/admin/v1/x', { body: {} })).status).toBe(401);
    expect((await on.send('/admin/v1/x', { who: 'alice', body: 'x'.repeat(200) })).status).toBe(413);
    expect((await on.send('/admin/v10', { who: 'alice' })).status).toBe(404);
    expect(on.lines.map(({ route }) => route)).toEqual(['/admin/v1', '/admin/v1', '/admin/v1', 'unknown']);
  });

  it('may throw: what they throw is rendered as everywhere', async () => {
    const on = await stage({
      developmentIssuer: {
        fetch: () => {
          throw new SealwrightError('ACCESS_DENIED', 'Not you.', { reason: 'role' });
        },
      },
    });
    expect(await on.send('/issuer/token')).toMatchObject({
      status: 403,
      body: { Message: 'Not you.', Sealwright: { Code: 'ACCESS_DENIED', Reason: 'role' } },
    });
  });
});

describe('options', () => {
  it('take an origin as the address of the server, and nothing else', async () => {
    for (const url of [
      'https://rms.contoso.com/my',
      'rms.contoso.com',
      'ftp://rms.contoso.com',
      'https://a@b.example',
    ])
      await expect(stage({ url })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
