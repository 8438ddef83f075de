import { request as requestOverTcp } from 'node:http';
import { type RequestOptions, request as requestOverTls } from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { SealwrightError } from '../../errors.ts';
import type { ProxyAuthorization } from './network-options.ts';
import { type ProxyServer, proxyName } from './proxy.ts';
import { proxyAuthorizationHeader } from './proxy-authorization.ts';

/** Where a tunnel is to end. */
export interface Destination {
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string;
  readonly port: number;
}

/** What a tunnel needs beside its two ends. */
export interface TunnelOptions {
  readonly authorization: ProxyAuthorization | undefined;
  /** For proxies that are themselves reached by HTTPS. */
  readonly secureContext: SecureContext;
  readonly lookup: LookupFunction | undefined;
  /** Ends the attempt, also when the time for a connection is over. */
  readonly signal: AbortSignal;
}

/** Whether an error says that the proxy was not there at all, so that another one may be tried. */
export function isProxyUnreachable(error: unknown): boolean {
  return error instanceof SealwrightError && error.details.reason === 'proxy-unreachable';
}

/**
 * Asks a proxy to connect to a destination and gives the socket, which then belongs to the caller. Throws
 * `PROXY_FAILED` with `details.reason` (spec/network.md, "When the proxy fails").
 */
export async function openTunnel(
  proxy: ProxyServer,
  destination: Destination,
  options: TunnelOptions,
): Promise<Socket> {
  const { authorization, signal } = options;
  const header = await proxyAuthorizationHeader(proxy, authorization, undefined, signal);
  const first = await askToConnect(proxy, destination, header, options);
  if (first.socket !== undefined) return first.socket;
  const renewable = authorization !== undefined && 'bearer' in authorization && proxy.username === '';
  if (first.status !== 407 || !renewable) throw refusal(proxy, destination, first, header !== undefined);
  const renewed = await proxyAuthorizationHeader(proxy, authorization, header, signal);
  const second = await askToConnect(proxy, destination, renewed, options);
  if (second.socket !== undefined) return second.socket;
  throw refusal(proxy, destination, second, true);
}

interface ProxyAnswer {
  readonly socket?: Socket;
  readonly status: number;
  /** Schemes that the proxy offers with 407. */
  readonly schemes: readonly string[];
}

const largestHead = 16_384;

function askToConnect(
  proxy: ProxyServer,
  { hostname, port }: Destination,
  authorization: string | undefined,
  { secureContext, lookup, signal }: TunnelOptions,
): Promise<ProxyAnswer> {
  const target = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
  const { promise, resolve, reject } = settleLater<ProxyAnswer>();
  const request = {
    method: 'CONNECT',
    host: proxy.hostname,
    port: proxy.port,
    path: target,
    agent: false,
    setHost: false,
    maxHeaderSize: largestHead,
    headers: { host: target, ...(authorization !== undefined && { 'proxy-authorization': authorization }) },
    signal,
    ...(lookup !== undefined && { lookup }),
  } satisfies RequestOptions;
  // `https` hands everything it is given to `tls.connect`.
  const overTls = {
    ...request,
    secureContext,
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
    // Otherwise it is taken from the header "host", which names the destination.
    servername: isIP(proxy.hostname) === 0 ? proxy.hostname : '',
  };
  const connecting = proxy.protocol === 'https:' ? requestOverTls(overTls) : requestOverTcp(request);
  connecting.once('connect', (response, socket: Socket, head: Uint8Array) => {
    const status = response.statusCode ?? 0;
    if (status >= 200 && status <= 299 && head.length === 0) {
      resolve({ socket, status, schemes: [] });
      return;
    }
    socket.once('error', () => {});
    socket.destroy();
    resolve({ status, schemes: schemesOf(response.headers['proxy-authenticate']) });
  });
  // Anything but an answer to CONNECT: an HTTP server that takes it for an ordinary request.
  connecting.once('response', (response) => {
    response.destroy();
    resolve({ status: response.statusCode ?? 0, schemes: [] });
  });
  connecting.once('error', (cause) => reject(signal.aborted ? signal.reason : unreachable(proxy, cause)));
  connecting.end();
  return promise;
}

function settleLater<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<T>((one, other) => {
    resolve = one;
    reject = other;
  });
  return { promise, resolve, reject };
}

function schemesOf(header: string | string[] | undefined): readonly string[] {
  const texts = [header ?? []].flat();
  return texts.flatMap((text) => /^[A-Za-z][\w-]{0,30}/.exec(text.trim())?.[0] ?? []);
}

function unreachable(proxy: ProxyServer, cause: unknown): SealwrightError {
  const { code } = cause as NodeJS.ErrnoException;
  const seen = code === undefined ? '' : ` (${code})`;
  if (code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    return new SealwrightError(
      'PROXY_FAILED',
      `The certificate of the proxy ${proxyName(proxy)} is not trusted${seen}. Check its name, or add its authority to "certificateAuthorities".`,
      { reason: 'proxy-untrusted', host: proxyName(proxy), cause },
    );
  }
  return new SealwrightError(
    'PROXY_FAILED',
    `The proxy ${proxyName(proxy)} cannot be reached${seen}. Check its name and port, or add the service to NO_PROXY if it needs no proxy.`,
    { reason: 'proxy-unreachable', host: proxyName(proxy), cause },
  );
}

function refusal(
  proxy: ProxyServer,
  { hostname, port }: Destination,
  { status, schemes }: ProxyAnswer,
  shown: boolean,
): SealwrightError {
  const name = proxyName(proxy);
  const target = `${hostname}:${port}`;
  // tinyproxy answers wrong credentials with 401.
  if (status === 407 || status === 401) {
    const offers = schemes.length === 0 ? '' : ` It offers: ${schemes.join(', ')}.`;
    return shown
      ? new SealwrightError(
          'PROXY_FAILED',
          `The proxy ${name} refused the credentials it was shown (${status}).${offers} Check user name and password or the token.`,
          { reason: 'proxy-credentials-refused', status, host: name },
        )
      : new SealwrightError(
          'PROXY_FAILED',
          `The proxy ${name} wants to know who asks (${status}).${offers} Basic and Bearer are supported: put user name and password into the proxy's URL, or give "proxyAuthorization".`,
          { reason: 'proxy-authentication-required', status, host: name },
        );
  }
  if (status >= 500) {
    return new SealwrightError(
      'PROXY_FAILED',
      `The proxy ${name} could not connect to ${target} (${status}). Try again; if it stays, ask whoever runs the proxy.`,
      { reason: 'proxy-cannot-connect', status, host: name },
    );
  }
  return new SealwrightError(
    'PROXY_FAILED',
    `The proxy ${name} refused to connect to ${target} (${status}). Ask whoever runs it to allow this host, or add the service to NO_PROXY.`,
    { reason: 'proxy-refused', status, host: name },
  );
}
