import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pageHeaders, signInPage } from './page.ts';

/** The browser, come back from the issuer. */
export interface Arrival {
  readonly url: URL;
  /** Shows how it ended. */
  show(succeeded: boolean): void;
}

/** A port of this machine that waits for one browser (RFC 8252, 7.3). */
export interface LoopbackListener {
  readonly redirectUri: string;
  readonly arrival: Promise<Arrival>;
  close(): void;
}

/**
 * Listens on a free port of the loopback interface only. The first request to the redirect address with an answer of the issuer
 * is taken; whatever else asks is turned away.
 *
 * @param redirect The redirect address without a port
 */
export async function listenOnLoopback(redirect: URL): Promise<LoopbackListener> {
  let arrive: (arrival: Arrival) => void = () => {};
  const arrival = new Promise<Arrival>((resolve) => {
    arrive = resolve;
  });
  let taken = false;
  const target = new URL(redirect);

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = URL.canParse(request.url ?? '', target.href) ? new URL(request.url ?? '', target) : undefined;
    const forUs =
      request.method === 'GET' &&
      // Another name for this machine in the Host header means that a web page elsewhere sent it.
      request.headers.host === target.host &&
      url !== undefined &&
      url.origin === target.origin &&
      url.pathname === target.pathname &&
      (url.searchParams.has('code') || url.searchParams.has('error'));
    if (!forUs || taken) {
      response.writeHead(forUs ? 410 : 404, pageHeaders).end(signInPage(false));
      return;
    }
    taken = true;
    arrive({
      url,
      show: (succeeded) => {
        response.writeHead(succeeded ? 200 : 400, pageHeaders).end(signInPage(succeeded));
      },
    });
  };

  const server = createServer({ maxHeaderSize: 32 * 1024, requestTimeout: 10_000 }, answer);
  server.maxConnections = 16;
  server.listen(0, redirect.hostname === '[::1]' ? '::1' : '127.0.0.1');
  await once(server, 'listening');
  target.port = String((server.address() as AddressInfo).port);
  return {
    redirectUri: target.href,
    arrival,
    close: () => {
      server.close();
      server.closeIdleConnections();
      // A browser keeps connections it never used; the process shall not wait for them.
      setTimeout(() => server.closeAllConnections(), 500).unref();
    },
  };
}
