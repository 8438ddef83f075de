import { Agent, buildConnector, fetch as fetchWith } from 'undici';
import { SealwrightError } from '../../errors.ts';
import { type FindPassage, passageFinder } from './connection.ts';
import type { NetworkOptions } from './network-options.ts';
import { pacScript } from './pac-script.ts';
import { nameProxyInTheWay } from './proxy-in-the-way.ts';
import { routeFinder } from './routes.ts';
import { type TlsContexts, tlsContexts } from './tls-settings.ts';

/** A `fetch` with connections of its own. */
export type NetworkFetch = typeof globalThis.fetch & {
  /** Lets running requests finish, for two seconds at most, and closes the connections. */
  close(): Promise<void>;
};

/** The network as it was configured: requests, and the steps they are made of for those who examine it. */
export interface Network {
  readonly fetch: NetworkFetch;
  readonly findPassage: FindPassage;
  readonly tls: TlsContexts;
}

/** Opens the network; {@link networkFetch} is all that most programs need. */
export function openNetwork(options: NetworkOptions = {}): Network {
  const { connectTimeout = 10_000, keepAlive = 30_000, lookup, pac } = options;
  const env = options.env ?? process.env;
  const tls = tlsContexts(options.certificateAuthorities ?? [], options.clientCertificate, env);
  const connectDirectly = buildConnector({
    timeout: connectTimeout,
    secureContext: tls.service,
    minVersion: 'TLSv1.2',
    // Said explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing.
    rejectUnauthorized: true,
    ...(lookup !== undefined && { lookup }),
  });
  const withoutProxy = () => networkFetch({ ...options, pac: undefined, proxy: 'none' });
  const findPassage = passageFinder(
    routeFinder(options, pac === undefined ? undefined : pacScript(pac, withoutProxy)),
    { authorization: options.proxyAuthorization, secureContext: tls.proxy, lookup },
    connectTimeout,
  );
  const closing = new AbortController();
  const agent = new Agent({
    keepAliveTimeout: keepAlive,
    keepAliveMaxTimeout: keepAlive,
    connect: connectBy(findPassage, connectDirectly, closing.signal),
  });
  const dispatcher = agent.compose(nameProxyInTheWay);
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const [url, all] = input instanceof Request ? [input.url, partsOf(input, init)] : [input, init];
    try {
      // The same standard object; only the declarations differ.
      const response: unknown = await fetchWith(url, { ...(all as object), dispatcher });
      return response as Response;
    } catch (error) {
      const { cause } = error as Error;
      throw cause instanceof SealwrightError ? cause : error;
    }
  };
  const close = async () => {
    const timer = setTimeout(() => void agent.destroy(), closeTimeout);
    try {
      await agent.close();
    } finally {
      clearTimeout(timer);
      closing.abort();
    }
  };
  return { fetch: Object.assign(fetch, { close }), findPassage, tls };
}

const closeTimeout = 2_000;

/**
 * Makes a `fetch` that knows proxies, further certificate authorities and client certificates. TLS is 1.2 or newer
 * and certificates are always verified. What it cannot reach it rejects as `fetch` does, with the system's error as
 * `cause`; what a proxy does wrong is `PROXY_FAILED` (spec/network.md).
 *
 * @param options Proxies, certificates and times; by default proxies come from the environment.
 * @returns A `fetch` to hand to a licensing service; close it when done.
 * @throws SealwrightError `INVALID_ARGUMENT` for options that make no sense.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { networkFetch } from 'sealwright/node/network';
 * const fetch = networkFetch({ certificateAuthorities: [readFileSync('company-ca.pem', 'utf8')] });
 * await fetch('https://rms.contoso.com/healthz');
 * await fetch.close();
 * ```
 */
export function networkFetch(options: NetworkOptions = {}): NetworkFetch {
  return openNetwork(options).fetch;
}

type Connector = ReturnType<typeof buildConnector>;

function connectBy(findPassage: FindPassage, connectDirectly: Connector, signal: AbortSignal): Connector {
  return (target, done) => {
    const url = new URL(`${target.protocol}//${target.host ?? target.hostname}`);
    findPassage(url, { signal }).then(
      ({ socket }) => {
        if (socket === undefined) connectDirectly(target, done);
        else if (target.protocol === 'https:') connectDirectly({ ...target, httpSocket: socket }, done);
        else done(null, socket);
      },
      (error: Error) => done(error, null),
    );
  };
}

/** undici does not know the runtime's own `Request`. */
function partsOf(request: Request, init: RequestInit | undefined): RequestInit {
  const { method, headers, body, signal, redirect } = request;
  return { method, headers, signal, redirect, ...(body !== null && { body, duplex: 'half' }), ...init };
}
