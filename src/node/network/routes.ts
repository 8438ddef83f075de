import { SealwrightError } from '../../errors.ts';
import { isLoopback } from './loopback.ts';
import type { NetworkOptions } from './network-options.ts';
import { parseNoProxy } from './no-proxy.ts';
import { loadPacScript } from './pac-script.ts';
import { parseProxy, type Route } from './proxy.ts';
import { bypassFromEnvironment, proxyFromEnvironment } from './proxy-environment.ts';

/** The ways to a URL, best first, and who says so. */
export interface Routes {
  readonly routes: readonly [Route, ...Route[]];
  /** For people: `HTTPS_PROXY`, `the option "proxy"`, `NO_PROXY`, … */
  readonly because: string;
}

/** Decides which ways lead to a URL. Throws `PROXY_FAILED` where what is configured makes no sense. */
export type FindRoutes = (url: URL, options: { readonly signal: AbortSignal }) => Promise<Routes>;

/** What decides: options, then the environment (spec/network.md, "Which proxy"). */
export function routeFinder(options: NetworkOptions): FindRoutes {
  const { proxy = 'environment', proxyLoopback = false } = options;
  const env = options.env ?? process.env;
  const further = [options.noProxy ?? []].flat();
  const decide =
    proxy === 'environment' ? fromEnvironment(env, further) : fromOption(proxy, further, options);
  return async (url, { signal }) => {
    if (!proxyLoopback && isLoopback(url.hostname)) return direct('this machine itself needs no proxy');
    return decide(url, { signal });
  };
}

const direct = (because: string): Routes => ({ routes: ['direct'], because });

function fromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  further: readonly string[],
): FindRoutes {
  const bypass = bypassFromEnvironment(env, further);
  return async (url) => {
    const named = proxyFromEnvironment(env, url);
    if (named === undefined) return direct('no proxy is configured');
    if (bypass(url)) return direct('NO_PROXY excepts this host');
    return { routes: [named.proxy], because: named.variable };
  };
}

function fromOption(
  proxy: Exclude<NetworkOptions['proxy'], undefined>,
  further: readonly string[],
  options: NetworkOptions,
): FindRoutes {
  if (proxy === 'none') return async () => direct('proxies are switched off');
  const bypass = parseNoProxy(further);
  const around = (url: URL) => (bypass(url) ? direct('noProxy excepts this host') : undefined);
  if (typeof proxy === 'string' || proxy instanceof URL) {
    const routes = [parseProxy(String(proxy), 'The option "proxy"', 'INVALID_ARGUMENT')] as const;
    return async (url) => around(url) ?? { routes, because: 'the option "proxy"' };
  }
  if (typeof proxy !== 'object' || typeof proxy.pac !== 'object') {
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'The option "proxy" is a URL, "environment", "none" or { pac: { url | file | text } }.',
    );
  }
  const script = loadPacScript(proxy.pac, options);
  return async (url, { signal }) =>
    around(url) ?? { routes: await (await script({ signal }))(url, { signal }), because: 'the PAC script' };
}
