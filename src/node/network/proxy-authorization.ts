import { SealwrightError } from '../../errors.ts';
import type { ProxyAuthorization } from './network-options.ts';
import { type ProxyServer, proxyName } from './proxy.ts';

/**
 * The header that a proxy is to see, if there is anything to show. What stands in the proxy's own URL goes before the
 * option. `refused` is the header that it has just turned down.
 */
export async function proxyAuthorizationHeader(
  proxy: ProxyServer,
  authorization: ProxyAuthorization | undefined,
  refused: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (proxy.username !== '') return basic(proxy.username, proxy.password);
  if (authorization === undefined) return undefined;
  if ('username' in authorization) return basic(authorization.username, authorization.password);
  const token = await authorization.bearer(proxyName(proxy), {
    refused: refused?.replace(/^Bearer /, ''),
    signal,
  });
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new SealwrightError(
      'PROXY_FAILED',
      `There is no usable token for the proxy ${proxyName(proxy)}: the callback must give one line of text.`,
      { reason: 'proxy-credentials-unusable', host: proxyName(proxy) },
    );
  }
  return `Bearer ${token}`;
}

const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
