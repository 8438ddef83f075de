import { type ProxyBypass, parseNoProxy } from './no-proxy.ts';
import { type ProxyServer, parseProxy } from './proxy.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Gives the proxy that the environment names for a URL, with the variable that names it. */
export function proxyFromEnvironment(
  env: Environment,
  url: URL,
): { readonly proxy: ProxyServer; readonly variable: string } | undefined {
  for (const variable of variablesFor(url, env)) {
    const text = env[variable]?.trim();
    if (text) return { proxy: parseProxy(text, variable), variable };
  }
  return undefined;
}

/** What `NO_PROXY` excepts, and the further entries of an option. */
export function bypassFromEnvironment(env: Environment, further: readonly string[]): ProxyBypass {
  return parseNoProxy([env.no_proxy || env.NO_PROXY || '', ...further]);
}

function variablesFor(url: URL, env: Environment): readonly string[] {
  const all = ['all_proxy', 'ALL_PROXY'];
  if (url.protocol === 'https:') return ['https_proxy', 'HTTPS_PROXY', ...all];
  // In a CGI program HTTP_PROXY is the header "Proxy" of whoever sent the request.
  return env.REQUEST_METHOD === undefined ? ['http_proxy', 'HTTP_PROXY', ...all] : ['http_proxy', ...all];
}
