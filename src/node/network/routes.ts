import { SealwrightError } from '../../errors.ts';
import { isLoopback } from './loopback.ts';
import type { NetworkOptions } from './network-options.ts';
import { type ProxyBypass, parseNoProxy } from './no-proxy.ts';
import { parseProxy, type Route } from './proxy.ts';
import { bypassFromEnvironment, proxyFromEnvironment } from './proxy-environment.ts';

/** The ways to a URL, best first, and who says so. */
export interface Routes {
  readonly routes: readonly [Route, ...Route[]];
  /** For people: `HTTPS_PROXY`, `the option "proxy"`, … */
  readonly because: string;
}

/** Decides which ways lead to a URL. Throws `PROXY_FAILED` where what is configured makes no sense. */
export type FindRoutes = (url: URL, options: { readonly signal: AbortSignal }) => Promise<Routes>;

/** What a PAC script answers for a URL. */
export type AskScript = (
  url: URL,
  options: { readonly signal: AbortSignal },
) => Promise<readonly [Route, ...Route[]]>;

/** What decides: a script, an option, or the environment (spec/network.md, "Which proxy"). */
export function routeFinder(options: NetworkOptions, script: AskScript | undefined): FindRoutes {
  const decide = decider(options, script);
  return async (url, { signal }) =>
    options.proxyLoopback !== true && isLoopback(url.hostname)
      ? direct('this machine itself needs no proxy')
      : decide(url, { signal });
}

const direct = (because: string): Routes => ({ routes: ['direct'], because });

function decider(options: NetworkOptions, script: AskScript | undefined): FindRoutes {
  const { proxy = 'environment' } = options;
  const further = [options.noProxy ?? []].flat();
  if (script !== undefined) {
    if (proxy !== 'environment') {
      throw new SealwrightError('INVALID_ARGUMENT', 'The options "proxy" and "pac" exclude each other.');
    }
    return around(further, async (url, wait) => ({
      routes: await script(url, wait),
      because: 'the PAC script',
    }));
  }
  if (proxy === 'environment') return fromEnvironment(options.env ?? process.env, further);
  if (proxy === 'none') return async () => direct('proxies are switched off');
  const routes = [parseProxy(String(proxy), 'The option "proxy"', 'INVALID_ARGUMENT')] as const;
  return around(further, async () => ({ routes, because: 'the option "proxy"' }));
}

function around(further: readonly string[], decide: FindRoutes): FindRoutes {
  const bypass = parseNoProxy(further);
  return async (url, wait) => (bypass(url) ? direct('noProxy excepts this host') : decide(url, wait));
}

function fromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  further: readonly string[],
): FindRoutes {
  const bypass: ProxyBypass = bypassFromEnvironment(env, further);
  return async (url) => {
    // An exception holds also where the variable of the proxy makes no sense.
    if (bypass(url)) return direct('NO_PROXY excepts this host');
    const named = proxyFromEnvironment(env, url);
    if (named === undefined) return direct('no proxy is configured');
    return { routes: [named.proxy], because: named.variable };
  };
}
