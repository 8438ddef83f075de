import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { maxima } from '../../bytes/index.ts';
import { createExchange } from './create-exchange.ts';
import type { ExchangeOptions } from './exchange.ts';

/** What arrived at one of the servers. */
interface Captured {
  readonly at: 'service' | 'foreign';
  readonly path: string;
  readonly authorization: string | undefined;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const secret = 'the-token-nobody-else-may-see';
const license = 'a-license-nobody-else-may-see';
let handle: Handler = (_, response) => response.end();
const captured: Captured[] = [];
const everything: string[] = [];
const servers: Server[] = [];
let service = '';
let foreign = '';

async function serve(at: Captured['at'], handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    captured.push({ at, path: request.url ?? '', authorization: request.headers.authorization });
    const head = `${at} ${request.url} ${request.rawHeaders.join(' ')}`;
    let body = '';
    request.setEncoding('utf8').on('data', (text) => {
      body += text;
    });
    request.on('end', () => {
      everything.push(`${head} ${body}`);
      handler(request, response);
    });
    response.on('error', () => undefined);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  service = await serve('service', (request, response) => handle(request, response));
  foreign = await serve('foreign', (_, response) => response.end('{}'));
});

afterEach(() => {
  captured.length = 0;
  everything.length = 0;
});

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

const challenge = (authority = `${service}/issuer`) =>
  `Bearer authorization="${authority}", resource="api://rms"`;

/** Answers without a token with a challenge, and with one as `handler` does. */
const signedIn =
  (handler: Handler): Handler =>
  (request, response) => {
    if (request.headers.authorization !== undefined) return handler(request, response);
    response.writeHead(401, { 'www-authenticate': challenge() }).end('{}');
  };

const exchange = (options: Partial<ExchangeOptions> = {}, at = service) =>
  createExchange({
    tokens: async () => secret,
    named: [at],
    trust: { insecureLoopback: true },
    timeouts: { head: 300, idle: 200, attempt: 600, total: 3000 },
    retries: { count: 1, delay: 1 },
    ...options,
  });

const get = (path = '/my/v2/templates') =>
  ({ method: 'GET', url: new URL(path, service), repeatable: true }) as const;
const post = () =>
  ({
    method: 'POST',
    url: new URL('/my/v2/enduserlicenses', service),
    body: { license },
    repeatable: true,
  }) as const;

/** The error of a request, after checking that it tells no secret and that nothing reached the foreign server. */
async function failure(pending: Promise<unknown>) {
  const error = await pending.then(
    () => expect.unreachable('the request should have failed'),
    (thrown) => thrown,
  );
  expect(`${error.message} ${JSON.stringify(error.details)} ${error.cause?.message}`).not.toMatch(
    /nobody-else/,
  );
  expect(captured.filter(({ at }) => at === 'foreign')).toEqual([]);
  return error;
}

const endless =
  (piece: Buffer, every = 0): Handler =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = (): void => {
      if (response.destroyed) return;
      if (every > 0) {
        response.write(piece);
        setTimeout(more, every);
      } else if (response.write(piece)) setImmediate(more);
      else response.once('drain', more);
    };
    more();
  };

describe('a hostile service', () => {
  it('works as long as it behaves, so that the refusals below mean something', async () => {
    handle = signedIn((_, response) => response.end('{"a":1}'));
    await expect(exchange().send(post())).resolves.toMatchObject({ status: 200, json: { a: 1 } });
    expect(captured.map(({ authorization }) => authorization)).toEqual([undefined, `Bearer ${secret}`]);
    expect(everything[0]).not.toContain(license);
  });

  it.each([301, 302, 303, 307, 308])(
    'that redirects to another host with %s gets nobody there',
    async (code) => {
      for (const before of [(handler: Handler) => handler, signedIn])
        for (const request of [get(), post()]) {
          handle = before((_, response) => response.writeHead(code, { location: `${foreign}/steal` }).end());
          await expect(failure(exchange().send(request))).resolves.toMatchObject({
            code: 'UNTRUSTED_SERVICE',
            message: expect.stringContaining(new URL(foreign).host),
            details: { reason: 'host-not-allowed', host: '127.0.0.1' },
          });
        }
    },
  );

  it('that redirects to an allowed server does not take the token along', async () => {
    handle = signedIn((_, response) => response.writeHead(302, { location: `${foreign}/allowed` }).end());
    await exchange({ named: [service, foreign] }).send(get());
    expect(captured.filter(({ at }) => at === 'foreign')).toEqual([
      { at: 'foreign', path: '/allowed', authorization: undefined },
    ]);
    expect(everything.filter((text) => text.startsWith('foreign')).join()).not.toMatch(/nobody-else/);
  });

  it('that redirects in circles is left after three steps', async () => {
    let step = 0;
    handle = (_, response) => response.writeHead(302, { location: `/step-${step++}` }).end();
    await expect(failure(exchange().send(get()))).resolves.toMatchObject({
      details: { reason: 'redirect-loop' },
    });
    expect(captured).toHaveLength(4);
  });

  it('that names a foreign authority gets no token, and the provider is not asked', async () => {
    let asked = 0;
    const tokens = async () => {
      asked++;
      return secret;
    };
    for (const authority of [
      foreign,
      'https://login.microsoftonline.com.evil.example/x',
      'https://169.254.169.254/',
    ]) {
      handle = (_, response) => response.writeHead(401, { 'www-authenticate': challenge(authority) }).end();
      await expect(failure(exchange({ tokens }).send(post()))).resolves.toMatchObject({
        code: 'UNTRUSTED_SERVICE',
        details: { reason: 'authority-not-allowed' },
      });
    }
    expect(asked).toBe(0);
    expect(everything.join()).not.toMatch(/nobody-else/);
  });

  it('that asks for a token for the cloud does not get one', async () => {
    const header =
      'Bearer authorization="https://login.microsoftonline.com/common", resource="https://aadrm.com"';
    handle = (_, response) => response.writeHead(401, { 'www-authenticate': header }).end();
    await expect(failure(exchange().send(post()))).resolves.toMatchObject({
      details: { reason: 'resource-not-allowed' },
    });
    expect(everything.join()).not.toMatch(/nobody-else/);
  });

  it('that never ends its answer is cut off at the maximum, and memory stays flat', async () => {
    handle = signedIn(endless(Buffer.alloc(256 * 1024, 0x20)));
    const before = process.memoryUsage().arrayBuffers;
    const error = await failure(exchange({ timeouts: { attempt: 20_000 } }).send(get()));
    expect(error).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      details: { reason: 'answer-too-long', status: 200, host: '127.0.0.1' },
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * maxima.answerBytes);
  });

  it('that announces ten gigabytes is not listened to', async () => {
    handle = signedIn((_, response) => {
      response.writeHead(200, { 'content-length': String(10 * 2 ** 30) });
      response.write('{');
    });
    await expect(failure(exchange().send(get()))).resolves.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('that unpacks to more than the maximum is cut off too', async () => {
    const { gzipSync } = await import('node:zlib');
    const packed = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20));
    handle = signedIn((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed));
    const patient = exchange({ timeouts: { head: 5000, idle: 5000, attempt: 5000 } });
    await expect(failure(patient.send(get()))).resolves.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('that never ends a refusal is cut off, and the status counts', async () => {
    handle = (request, response) => {
      response.writeHead(request.headers.authorization === undefined ? 401 : 500, {
        'www-authenticate': challenge(),
      });
      for (let i = 0; i < 64; i++) response.write(Buffer.alloc(64 * 1024, 0x20));
    };
    await expect(exchange().send(get())).resolves.toMatchObject({ status: 500, json: undefined });
  });

  it('that drips is left when the attempt is over, and one that stops when it is idle', async () => {
    handle = signedIn(endless(Buffer.from(' '), 20));
    await expect(failure(exchange().send(get()))).resolves.toMatchObject({
      code: 'TIMED_OUT',
      details: { reason: 'attempt' },
    });
    handle = signedIn((_, response) => response.write('{'));
    await expect(failure(exchange().send(get()))).resolves.toMatchObject({
      code: 'TIMED_OUT',
      details: { reason: 'idle' },
    });
    handle = () => undefined;
    await expect(failure(exchange().send(get()))).resolves.toMatchObject({
      code: 'TIMED_OUT',
      details: { reason: 'head' },
    });
  });

  it.each([
    ['invalid JSON', '{"a":', 'MALFORMED_ANSWER', 'not-json'],
    ['no UTF-8', Buffer.of(0x22, 0xff, 0x22), 'MALFORMED_ANSWER', 'not-utf8'],
    ['JSON of a million levels', '['.repeat(1_000_000), 'LIMIT_EXCEEDED', 'too-deep'],
  ])('that answers with %s is refused', async (_, body, code, reason) => {
    handle = signedIn((__, response) => response.end(body));
    await expect(failure(exchange().send(get()))).resolves.toMatchObject({
      code,
      details: { reason, status: 200 },
    });
  });

  it('that answers with a web page is told from one that answers with nonsense', async () => {
    handle = (_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
    await expect(failure(exchange().send(get()))).resolves.toMatchObject({
      code: 'MALFORMED_ANSWER',
      details: { reason: 'html' },
    });
  });

  it('that floods headers is refused', async () => {
    handle = (_, response) => response.writeHead(200, { 'x-flood': 'x'.repeat(1024 * 1024) }).end('{}');
    await expect(failure(exchange().send(get()))).resolves.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    const claims = 'x'.repeat(maxima.challengeCharacters);
    handle = (_, response) => {
      const header = `${challenge()}, claims="${claims}"`;
      response.writeHead(401, { 'www-authenticate': header }).end();
    };
    await expect(failure(exchange().send(get()))).resolves.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('that repeats the token in its refusal does not get it into a message', async () => {
    handle = (request, response) => {
      const { authorization } = request.headers;
      const header = `${challenge()}, error="invalid_token", error_description="${authorization ?? ''}"`;
      response
        .writeHead(401, { 'www-authenticate': header })
        .end(JSON.stringify({ Message: `bad: ${authorization}` }));
    };
    for (const token of [secret, `${secret}.${'x'.repeat(60)}`])
      await expect(failure(exchange({ tokens: async () => token }).send(get()))).resolves.toMatchObject({
        code: 'AUTHENTICATION_FAILED',
        details: { reason: 'invalid_token' },
      });
  });

  it('that refuses every token ends the rounds', async () => {
    let token = 0;
    handle = (_, response) => response.writeHead(401, { 'www-authenticate': challenge() }).end();
    await failure(exchange({ tokens: async () => `${secret}-${token++}` }).send(get()));
    expect(captured).toHaveLength(4);
  });
});

describe('a server that is no service', () => {
  const sockets: Socket[] = [];
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
  });

  async function raw(behave: (socket: Socket) => void): Promise<URL> {
    const server = createSocketServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      behave(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x`);
  }

  it.each([
    ['speaks no HTTP', (socket: Socket) => socket.end('SSH-2.0-x\r\n'), 'MALFORMED_ANSWER', 'not-http'],
    ['hangs up', (socket: Socket) => socket.resetAndDestroy(), 'SERVICE_UNAVAILABLE', 'reset'],
    [
      'hangs up in the middle of its answer',
      (socket: Socket) =>
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{', () => socket.destroy()),
      'SERVICE_UNAVAILABLE',
      'reset',
    ],
    ['says nothing', () => undefined, 'TIMED_OUT', 'head'],
  ] as const)('and %s ends in a typed error', async (_, behave, code, reason) => {
    const url = await raw(behave);
    await expect(exchange({}, url.origin).send({ ...get(), url })).rejects.toMatchObject({
      code,
      details: { reason },
    });
  });

  it('and listens nowhere ends in a typed error', async () => {
    const server = createSocketServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x`);
    await new Promise((resolve) => server.close(resolve));
    await expect(exchange({}, url.origin).send({ ...get(), url })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      details: { reason: 'refused' },
    });
  });
});
