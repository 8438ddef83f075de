import { promises as dns } from 'node:dns';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import type { DiagnoseOptions } from '../../src/cli/doctor/examination.ts';
import type { DoctorTarget } from '../../src/cli/doctor/finding.ts';
import type { Verdict } from '../../src/cli/doctor/verdicts.ts';
import { staticToken } from '../../src/licensing/index.ts';
import { startTestDns } from '../../src/node/network/test-dns.test-support.ts';
import { startTestProxy } from '../../src/node/network/test-proxy.test-support.ts';
import { testCertificate } from './test-certificate.ts';

/** A network with one thing wrong, on loopback. */
export interface DoctorFixture {
  readonly name: string;
  readonly expected: Verdict;
  open(close: (undo: () => unknown) => void): Promise<DiagnoseOptions>;
}

const { ca, cert, key } = testCertificate();
const issuer = 'https://login.contoso.com';
const challenge = `Bearer resource="https://rms.contoso.com", authorization="${issuer}"`;
type Answer = (request: IncomingMessage, response: ServerResponse, port: number) => void;
type Undo = (undo: () => unknown) => void;

const asks: Answer = (_, response) => response.writeHead(401, { 'www-authenticate': challenge }).end();
const target = (url: string): DoctorTarget => ({
  url: new URL(url),
  purpose: 'licensing service',
  need: 'required',
  entry: true,
  own: true,
});
const examine = (url: string, more: Partial<DiagnoseOptions> = {}): DiagnoseOptions => ({
  targets: [target(url)],
  timeout: 2_000,
  trust: { authorities: [issuer] },
  ...more,
  network: { env: {}, certificateAuthorities: [ca], ...more.network },
});

async function listening(server: Server, close: Undo): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

async function https(close: Undo, answer: Answer, options: object = {}): Promise<string> {
  const server = createHttpsServer({ cert, key, ...options }, (request, response) =>
    answer(request, response, (server.address() as AddressInfo).port),
  );
  const port = await listening(server, close);
  close(() => server.closeAllConnections());
  return `https://localhost:${port}`;
}

const answering = (name: string, expected: Verdict, answer: Answer, options: object = {}): DoctorFixture => ({
  name,
  expected,
  open: async (close) => examine(await https(close, answer, options)),
});
const status = (name: string, expected: Verdict, code: number, headers: Record<string, string> = {}) =>
  answering(name, expected, (_, response) => response.writeHead(code, headers).end());

/** A service that signs in, and then answers discovery with something of the fixture's own. */
const signedIn = (name: string, expected: Verdict, answer: Answer): DoctorFixture => ({
  name,
  expected,
  async open(close) {
    const url = await https(close, (request, response, port) =>
      request.headers.authorization === undefined
        ? asks(request, response, port)
        : answer(request, response, port),
    );
    return examine(url, { tokens: staticToken('a.test.token'), user: 'alice@contoso.com' });
  },
});
const json = (response: ServerResponse, value: unknown) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));

/** Looks names up with a DNS server of the fixture. */
async function lookupWith(close: Undo, facts: Parameters<typeof startTestDns>[0]) {
  const server = await startTestDns(facts);
  close(() => server.close());
  const resolver = new dns.Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([server.server]);
  return async (host: string) =>
    (await resolver.resolve4(host)).map((address) => ({ address, family: 4 }) as const);
}

const proxied = (name: string, expected: Verdict, answer: number, proxyHeaders = ''): DoctorFixture => ({
  name,
  expected,
  async open(close) {
    const proxy = await startTestProxy(() => ({ status: answer, headers: proxyHeaders }));
    close(() => proxy.close());
    return examine('https://rms.contoso.com', { network: { env: { HTTPS_PROXY: proxy.url } } });
  },
});

/** Every failure that the doctor claims to tell apart. */
export const doctorFixtures: readonly DoctorFixture[] = [
  {
    name: 'NXDOMAIN',
    expected: 'name-unknown',
    open: async (close) => examine('https://rms.contoso.com', { lookup: await lookupWith(close, {}) }),
  },
  {
    name: 'DNS server fails',
    expected: 'name-lookup-failed',
    open: async (close) =>
      examine('https://rms.contoso.com', {
        lookup: await lookupWith(close, { failing: ['rms.contoso.com'] }),
      }),
  },
  {
    name: 'connection refused',
    expected: 'connection-refused',
    async open() {
      const server = createTcpServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      await new Promise((resolve) => server.close(resolve));
      return examine(`https://localhost:${port}`);
    },
  },
  answering('TLS 1.1 only', 'tls-too-old', asks, {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  }),
  {
    name: 'HTTP at an HTTPS address',
    expected: 'tls-not-spoken',
    async open(close) {
      const server = createHttpServer((_, response) => response.end());
      return examine(`https://localhost:${await listening(server, close)}`);
    },
  },
  {
    name: 'TLS broken off',
    expected: 'tls-broken-off',
    async open(close) {
      const server = createTcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
      return examine(`https://localhost:${await listening(server, close)}`);
    },
  },
  {
    name: 'wrong issuer (interception)',
    expected: 'certificate-intercepted',
    async open(close) {
      const { port } = new URL(await https(close, asks));
      const lookup = await lookupWith(close, { addresses: { 'api.aadrm.com': '127.0.0.1' } });
      return examine(`https://api.aadrm.com:${port}`, { lookup });
    },
  },
  {
    name: 'unknown authority',
    expected: 'certificate-unknown-authority',
    async open(close) {
      const options = examine(await https(close, asks));
      return { ...options, network: { env: {} } };
    },
  },
  {
    name: 'certificate for another host',
    expected: 'certificate-other-name',
    async open(close) {
      const { port } = new URL(await https(close, asks));
      const lookup = await lookupWith(close, { addresses: { 'rms.contoso.com': '127.0.0.1' } });
      return examine(`https://rms.contoso.com:${port}`, { lookup });
    },
  },
  proxied('407 from the proxy', 'proxy-wants-sign-in', 407, 'proxy-authenticate: Negotiate\r\n'),
  proxied('proxy refuses the host', 'proxy-refuses', 403),
  {
    name: 'proxy not there',
    expected: 'proxy-unreachable',
    open: async () =>
      examine('https://rms.contoso.com', { network: { env: { HTTPS_PROXY: 'http://127.0.0.1:1' } } }),
  },
  {
    name: 'SOCKS proxy',
    expected: 'proxy-unusable',
    open: async () =>
      examine('https://rms.contoso.com', { network: { env: { ALL_PROXY: 'socks5://127.0.0.1:1080' } } }),
  },
  answering('captive portal, page', 'captive-portal', (_, response) =>
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<html><body>Welcome to our WiFi</body></html>'),
  ),
  status('captive portal, redirect', 'captive-portal', 302, { location: 'http://portal.example/login' }),
  answering('redirect in circles', 'redirect-loop', (request, response) =>
    response.writeHead(302, { location: request.url ?? '/' }).end(),
  ),
  answering('open door', 'answer-without-sign-in', (_, response) => json(response, { hello: 'there' })),
  status('429', 'throttled', 429, { 'retry-after': '30' }),
  status('403', 'answer-forbidden', 403),
  status('404', 'no-service-there', 404),
  status('503', 'service-in-trouble', 503),
  status('407 without a proxy', 'answer-of-a-proxy', 407),
  answering('no answer', 'no-answer', () => {}),
  status('401 without challenge', 'challenge-missing', 401),
  status('401 of another kind', 'challenge-unreadable', 401, { 'www-authenticate': 'Basic realm="gate"' }),
  status('sign-in at a foreign issuer', 'challenge-untrusted', 401, {
    'www-authenticate': 'Bearer authorization="https://login.evil.example"',
  }),
  answering('clock an hour behind', 'clock-wrong', (_, response) =>
    response
      .writeHead(401, {
        'www-authenticate': challenge,
        date: new Date(Date.now() + 3_600_000).toUTCString(),
      })
      .end(),
  ),
  answering('clock two minutes ahead', 'clock-off', (_, response) =>
    response
      .writeHead(401, { 'www-authenticate': challenge, date: new Date(Date.now() - 130_000).toUTCString() })
      .end(),
  ),
  answering('answer without a date', 'clock-unknown', (_, response) => {
    response.sendDate = false;
    response.writeHead(401, { 'www-authenticate': challenge }).end();
  }),
  {
    name: 'sign-in gives no token',
    expected: 'token-not-given',
    async open(close) {
      const tokens = () => Promise.reject(new Error('the issuer does not answer'));
      return examine(await https(close, asks), { tokens });
    },
  },
  signedIn('discovery loop', 'discovery-loop', (_, response, port) => {
    const Uri = `https://localhost:${port}/my/v2/servicediscovery`;
    json(
      response,
      ['enduserlicenses', 'publishinglicenses', 'templates'].map((Name) => ({ Name, Uri })),
    );
  }),
  signedIn('discovery loop by redirect', 'discovery-loop', (request, response) =>
    response.writeHead(302, { location: request.url ?? '/' }).end(),
  ),
  signedIn('discovery to a foreign host', 'discovery-untrusted', (_, response) =>
    json(response, [{ Name: 'templates', Uri: 'https://rms.evil.example/my/v2/templates' }]),
  ),
  signedIn('token refused', 'discovery-token-refused', asks),
  signedIn('discovery fails', 'discovery-failed', (_, response) => response.writeHead(500).end()),
  signedIn('publishing refused', 'license-refused', (request, response, port) => {
    const root = `https://localhost:${port}/my/v2`;
    if (request.url?.includes('servicediscovery')) {
      json(
        response,
        ['enduserlicenses', 'publishinglicenses', 'templates'].map((Name) => ({
          Name,
          Uri: `${root}/${Name}`,
        })),
      );
    } else if (request.method === 'GET') json(response, []);
    else response.writeHead(403).end();
  }),
];
