import type { Socket } from 'node:net';
import { SealwrightError } from '../../errors.ts';
import { proxyName, type Route } from './proxy.ts';
import type { FindRoutes } from './routes.ts';
import { isProxyUnreachable, openTunnel, type TunnelOptions } from './tunnel.ts';

/** A way that works: straight, where the caller connects itself, or a socket through a proxy. */
export interface Passage {
  /** `host:port` of the proxy; absent for a way without one. */
  readonly proxy: string | undefined;
  /** Who says so, for people. */
  readonly because: string;
  /** Connected to the destination, without TLS; absent where there is no proxy. */
  readonly socket: Socket | undefined;
}

/** Finds a way that works to a URL. */
export type FindPassage = (url: URL, options: { readonly signal: AbortSignal }) => Promise<Passage>;

/** How long a proxy that was not there is asked last. */
const restInMilliseconds = 60_000;

/** Tries the routes in order; only a proxy that cannot be reached is passed over (spec/network.md, "PAC"). */
export function passageFinder(
  findRoutes: FindRoutes,
  tunnelOptions: Omit<TunnelOptions, 'signal'>,
  connectTimeout: number,
  now: () => number = Date.now,
): FindPassage {
  const unreachableUntil = new Map<string, number>();
  const resting = (route: Route) =>
    route !== 'direct' && (unreachableUntil.get(proxyName(route)) ?? 0) > now();

  return async (url, { signal }) => {
    const { routes, because } = await findRoutes(url, { signal });
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
    const hostname = url.hostname.replace(/^\[|\]$/g, '');
    const inOrder = [...routes.filter((route) => !resting(route)), ...routes.filter(resting)];
    let failure: unknown;
    for (const route of inOrder) {
      if (route === 'direct') return { proxy: undefined, because, socket: undefined };
      const timeUp = AbortSignal.timeout(connectTimeout);
      try {
        const tunnel = { ...tunnelOptions, signal: AbortSignal.any([signal, timeUp]) };
        const socket = await openTunnel(route, { hostname, port }, tunnel);
        unreachableUntil.delete(proxyName(route));
        return { proxy: proxyName(route), because, socket };
      } catch (error) {
        signal.throwIfAborted();
        failure = timeUp.aborted ? tooSlow(proxyName(route), connectTimeout) : error;
        if (!isProxyUnreachable(failure)) throw failure;
        unreachableUntil.set(proxyName(route), now() + restInMilliseconds);
      }
    }
    throw failure;
  };
}

function tooSlow(proxy: string, milliseconds: number): SealwrightError {
  return new SealwrightError(
    'PROXY_FAILED',
    `The proxy ${proxy} did not connect within ${milliseconds / 1000} s. Check its name and port, or ask whoever runs it.`,
    { reason: 'proxy-unreachable', host: proxy },
  );
}
