import type { LookupFunction } from 'node:net';
import type { ClientCertificate } from './tls-settings.ts';

/** How the network is reached (spec/network.md). Everything has a default; nothing is needed on an open network. */
export interface NetworkOptions {
  /**
   * Which proxy to take: `'environment'` (default) reads `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, `'none'` goes
   * straight, a URL names the one proxy for everything.
   */
  readonly proxy?: 'environment' | 'none' | (string & {}) | URL | undefined;
  /**
   * A proxy configuration script (PAC) that decides instead: its URL, its file, or the script itself. Needs the
   * packages `pac-resolver` and `quickjs-wasi`.
   */
  readonly pac?: string | URL | { readonly script: string } | undefined;
  /** Hosts that are reached without the proxy, as in `NO_PROXY`. With a proxy from the environment they add to it. */
  readonly noProxy?: string | readonly string[] | undefined;
  /** Who asks, where the proxy wants to know and its URL does not say. */
  readonly proxyAuthorization?: ProxyAuthorization | undefined;
  /** Sends requests to this machine itself (127.0.0.0/8, ::1, localhost) through the proxy too. */
  readonly proxyLoopback?: boolean | undefined;
  /** Certificate authorities beside those of the system, PEM, one or several in each text. */
  readonly certificateAuthorities?: readonly string[] | undefined;
  /** What this client shows to services that ask for a certificate. Proxies never see it. */
  readonly clientCertificate?: ClientCertificate | undefined;
  /** Milliseconds until a connection stands, proxy and TLS apart. Default 10,000. */
  readonly connectTimeout?: number | undefined;
  /** Milliseconds for which an idle connection is kept for the next request. Default 30,000. */
  readonly keepAlive?: number | undefined;
  /** Looks names up; by default the system. */
  readonly lookup?: LookupFunction | undefined;
  /** The environment; by default this process's. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** What a proxy is shown. A bearer token is asked for again, once, when the proxy refuses it. */
export type ProxyAuthorization =
  | { readonly username: string; readonly password: string }
  | { readonly bearer: ProxyTokenProvider };

/** Gives the token for a proxy; `refused` is one that the proxy has just turned down. */
export type ProxyTokenProvider = (
  proxy: string,
  options: { readonly refused: string | undefined; readonly signal: AbortSignal },
) => Promise<string>;
