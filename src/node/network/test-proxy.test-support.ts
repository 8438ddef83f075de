import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { testCertificate } from '../../../spec/conformance/test-certificate.ts';

/** A CONNECT proxy on loopback that keeps what it was asked. */
export interface TestProxy {
  readonly port: number;
  readonly url: string;
  /** `host:port` and `Proxy-Authorization` of each CONNECT. */
  readonly asked: readonly { readonly target: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

/** How a test proxy answers; `undefined` connects. */
export type ProxyRule = (
  request: IncomingMessage,
) => { readonly status: number; readonly headers?: string } | undefined;

/** Starts a proxy; whatever name is asked for, it connects to loopback. */
export async function startTestProxy(
  rule: ProxyRule = () => undefined,
  { tls = false } = {},
): Promise<TestProxy> {
  const asked: { target: string; authorization: string | undefined }[] = [];
  const { cert, key } = testCertificate();
  const server: Server = tls ? createTlsServer({ cert, key }) : createServer();
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    client.on('error', () => {});
    asked.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    const refused = rule(request);
    if (refused !== undefined) {
      client.end(`HTTP/1.1 ${refused.status} No\r\n${refused.headers ?? ''}content-length: 0\r\n\r\n`);
      return;
    }
    const upstream = connect(Number(/:(\d+)$/.exec(request.url ?? '')?.[1]), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on('error', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An HTTPS server on loopback that answers with what it was asked. */
export async function startTestService(
  options: object = {},
): Promise<{ port: number; close(): Promise<void> }> {
  const { cert, key } = testCertificate();
  const server = createTlsServer({ cert, key, ...options }, (request, response) => {
    const client = (request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? 'nobody';
    const headers = {
      'x-client': String(client),
      'x-path': request.url ?? '',
      'x-connection': String(request.socket.remotePort),
    };
    response.writeHead(200, headers);
    request.pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
