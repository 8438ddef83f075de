import { SealwrightError, type SealwrightErrorCode } from '../../errors.ts';

/** A proxy that carries connections by HTTP CONNECT. */
export interface ProxyServer {
  readonly protocol: 'http:' | 'https:';
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** A way to a host: straight, or through a proxy. */
export type Route = 'direct' | ProxyServer;

/** How a proxy is named in messages: its host and port, never its credentials. */
export function proxyName({ protocol, hostname, port }: ProxyServer): string {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  return `${protocol === 'https:' ? 'https://' : ''}${host}:${port}`;
}

/**
 * Reads a proxy's URL; `proxy.contoso.com:3128` is HTTP. `source` says where it stands (`HTTPS_PROXY`), since the text
 * itself may hold a password and is never repeated.
 */
export function parseProxy(
  text: string,
  source: string,
  code: SealwrightErrorCode = 'PROXY_FAILED',
): ProxyServer {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (url === undefined || url.hostname === '') {
    throw new SealwrightError(
      code,
      `${source} does not name a proxy. Write a URL such as http://proxy.contoso.com:3128.`,
      { reason: 'proxy-unreadable' },
    );
  }
  const { protocol } = url;
  if (protocol !== 'http:' && protocol !== 'https:') throw unsupportedProxy(source, url.host, protocol, code);
  return Object.freeze({
    protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (protocol === 'https:' ? 443 : 80),
    username: decoded(url.username),
    password: decoded(url.password),
  });
}

/** The refusal of a kind of proxy that is not spoken here, SOCKS above all. */
export function unsupportedProxy(
  source: string,
  host: string,
  kind: string,
  code: SealwrightErrorCode = 'PROXY_FAILED',
): SealwrightError {
  const what = /^socks/i.test(kind) ? 'a SOCKS proxy' : `a proxy of the kind "${kind.replace(':', '')}"`;
  return new SealwrightError(
    code,
    `${source} names ${what}, ${host}. Only HTTP and HTTPS proxies are supported: name one of those, or add the service to NO_PROXY.`,
    { reason: 'proxy-unsupported', host },
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
