import { createServer as createHttpServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, BlockList } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import { getRequestListener } from '@hono/node-server';
import { SealwrightError } from '../errors.ts';
import { clientAddress, isListed, proxyList } from './client-address.ts';
import { isLoopback } from './operations/health.ts';
import { eventLine } from './operations/request-log.ts';
import type { Server } from './server-options.ts';
import { followTlsFiles, readTlsFiles, type TlsFiles } from './tls-files.ts';

/** Where and how to listen. */
export interface ListenOptions {
  /** Address to bind; `127.0.0.1` by default. */
  readonly host?: string | undefined;
  /** 0 takes one that is free. */
  readonly port: number;
  /** HTTPS with these files, which are read again when they change. */
  readonly tls?: (TlsFiles & { readonly reloadInterval?: number | undefined }) | undefined;
  /** Addresses and networks of proxies: plain HTTP is taken from them, and `X-Forwarded-For` believed. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Connections at once. Default 2,000. */
  readonly maxConnections?: number | undefined;
  /** Milliseconds until the headers of a request are there. Default 10,000. */
  readonly headersTimeout?: number | undefined;
  /** Milliseconds until a request is there. Default 30,000. */
  readonly requestTimeout?: number | undefined;
  /** Host names a server on this machine itself answers to, beside `localhost` and its addresses. */
  readonly hostNames?: readonly string[] | undefined;
  /** Gets a line of JSON when it starts, stops, or takes a new certificate. */
  readonly log?: ((line: string) => void) | undefined;
}

/** A server with a socket. */
export interface Listener {
  /** With the port that was taken. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /**
   * Takes no more connections, lets requests under way finish, and ends what is left after `grace` milliseconds (10,000).
   * Resolves to whether all of them finished.
   */
  stop(grace?: number): Promise<boolean>;
}

/** Headers of one request together; Node answers 431 beyond. */
const maxHeaderSize = 16 * 1024;
const maxHeaders = 64;

/**
 * Listens over HTTPS, or over plain HTTP on this machine itself or behind a declared proxy (spec/server.md, "Listening").
 *
 * @throws `INVALID_ARGUMENT` for plain HTTP elsewhere, or an address that cannot be bound; `FILE_NOT_FOUND`, `MALFORMED_KEY`
 *
 * @example
 * ```ts
 * const listener = await listen(server, { port: 8443, tls: { certificate: 'fullchain.pem', key: 'privkey.pem' } });
 * process.once('SIGTERM', () => void listener.stop());
 * ```
 */
export async function listen(
  server: Pick<Server, 'fetch'> & Partial<Pick<Server, 'drain'>>,
  options: ListenOptions,
): Promise<Listener> {
  const { host = '127.0.0.1', tls, log } = options;
  const proxies = options.trustedProxies?.length ? proxyList(options.trustedProxies) : undefined;
  const here = isLoopback(host) || host === 'localhost';
  if (tls === undefined && !here && proxies === undefined)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `Plain HTTP on ${host} would show tokens and keys to the network: give tls a certificate and key, listen on 127.0.0.1, or declare the proxy in front in trustedProxies.`,
      { field: 'tls' },
    );

  const says = (event: string, facts?: Readonly<Record<string, unknown>>) =>
    log?.(eventLine(new Date(), event, facts));
  let stopping = false;
  const names = here && tls === undefined ? hostNames(options) : undefined;
  const listener = getRequestListener(
    (request, { incoming, outgoing }) => {
      // Node drops what is too much, and the last one may be what the proxy says of the client.
      if (incoming.rawHeaders.length > 2 * maxHeaders) return plain(431, 'The request has too many headers.');
      // What is told to a browser under a name of somebody else's would be theirs to read (DNS rebinding).
      if (names !== undefined && !names.has(nameOf(incoming.headers.host))) return misdirected();
      if (stopping) outgoing.setHeader('connection', 'close');
      return server.fetch(request, { address: addressOf(incoming as IncomingMessage, proxies) });
    },
    { errorHandler: () => malformed() },
  );

  const limits = {
    headersTimeout: options.headersTimeout ?? 10_000,
    requestTimeout: options.requestTimeout ?? 30_000,
    keepAliveTimeout: 15_000,
    connectionsCheckingInterval: 2_000,
    maxHeaderSize,
  };
  const http: HttpServer =
    tls === undefined
      ? createHttpServer(limits, listener)
      : createHttpsServer({ ...limits, ...(await readTlsFiles(tls)) }, listener);
  http.maxConnections = options.maxConnections ?? 2_000;
  http.maxHeadersCount = maxHeaders + 1;
  // Also ends connections of those who do not read their answers.
  http.setTimeout(limits.requestTimeout * 2);
  if (tls === undefined && !here)
    http.on('connection', (socket) => {
      if (!isListed(proxies as BlockList, socket.remoteAddress)) socket.destroy();
    });
  await bind(http, host, options.port);

  const unfollow =
    tls === undefined
      ? () => undefined
      : followTlsFiles(
          tls,
          tls.reloadInterval ?? 30_000,
          (context) => {
            (http as unknown as TlsServer).setSecureContext(context);
            says('certificate-reloaded');
          },
          (error) =>
            says('certificate-not-reloaded', {
              level: 'warning',
              code: error instanceof SealwrightError ? error.code : 'IO_FAILED',
            }),
        );

  const { port } = http.address() as AddressInfo;
  const url = `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  says('listening', { url });
  return {
    url,
    host,
    port,
    async stop(grace = 10_000) {
      stopping = true;
      server.drain?.();
      unfollow();
      const finished = await closeGently(http, grace);
      says('stopped', { finished });
      return finished;
    },
  };
}

function bind(http: HttpServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void =>
      reject(
        new SealwrightError(
          'INVALID_ARGUMENT',
          `Cannot listen on ${host}, port ${port} (${cause.code ?? 'unknown'}): choose another port, or end what uses it.`,
          { field: 'listen', cause },
        ),
      );
    http.once('error', failed);
    http.listen(port, host, () => {
      http.off('error', failed);
      resolve();
    });
  });
}

function closeGently(http: HttpServer, grace: number): Promise<boolean> {
  return new Promise((resolve) => {
    let finished = true;
    const idle = setInterval(() => http.closeIdleConnections(), 50);
    const late = setTimeout(() => {
      finished = false;
      http.closeAllConnections();
    }, grace);
    http.close(() => {
      clearInterval(idle);
      clearTimeout(late);
      resolve(finished);
    });
    http.closeIdleConnections();
  });
}

const addressOf = (incoming: IncomingMessage, proxies: BlockList | undefined): string | undefined =>
  clientAddress(
    incoming.socket.remoteAddress,
    proxies === undefined ? undefined : incoming.headers['x-forwarded-for']?.toString(),
    proxies,
  );

const hostNames = ({ host, hostNames: more = [] }: ListenOptions): ReadonlySet<string> =>
  new Set(['localhost', '127.0.0.1', '[::1]', ...(host === undefined ? [] : [host]), ...more]);

/** A host name without port, in lower case. */
const nameOf = (host: string | undefined): string => (host ?? '').toLowerCase().replace(/:\d+$/, '');

const plain = (status: number, message: string): Response =>
  new Response(JSON.stringify({ Message: message }), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  });

const misdirected = (): Response => plain(421, 'This server does not go by that name.');

const malformed = (): Response => plain(400, 'The request is malformed.');
