import { Resolver } from 'node:dns/promises';
import { SealwrightError } from '../../errors.ts';
import type { ResolveSrv } from '../../licensing/index.ts';

/** How SRV records are looked up. */
export interface SrvOptions {
  /** DNS servers as `address` or `address:port`; by default those of the system. */
  readonly servers?: readonly string[] | undefined;
  /** Milliseconds for one attempt. Default 3,000. */
  readonly timeout?: number | undefined;
  /** Attempts. Default 2. */
  readonly tries?: number | undefined;
}

/** What a resolver answers where there is no such name, or no such record. */
const nothing = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * Makes a look-up of SRV records, for the discovery of services. Gives an empty list where there are none; throws
 * `SERVICE_UNAVAILABLE` with reason `dns-failed` where no server answers (spec/network.md, "Names").
 *
 * @example
 * ```ts
 * import { srvResolver } from 'sealwright/node/network';
 * const resolveSrv = srvResolver({ servers: ['10.0.0.53'] });
 * const records = await resolveSrv('_rmsdisco._http._tcp.contoso.com');
 * ```
 */
export function srvResolver(options: SrvOptions = {}): ResolveSrv {
  const { servers, timeout = 3_000, tries = 2 } = options;
  return async (name, { signal } = {}) => {
    signal?.throwIfAborted();
    const resolver = new Resolver({ timeout, tries });
    if (servers !== undefined) resolver.setServers(servers);
    const cancel = () => resolver.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const records = await resolver.resolveSrv(name);
      // Newer Nodes tell the type of each record, too.
      return records.map(({ name: target, port, priority, weight }) => ({
        name: target,
        port,
        priority,
        weight,
      }));
    } catch (cause) {
      signal?.throwIfAborted();
      const code = (cause as NodeJS.ErrnoException).code ?? '';
      if (nothing.has(code)) return [];
      throw new SealwrightError(
        'SERVICE_UNAVAILABLE',
        `DNS gave no answer for ${name} (${code}). Check the network and its DNS servers, or name the service's URL.`,
        { reason: 'dns-failed', host: name, cause },
      );
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  };
}

/** Looks up SRV records by the DNS servers of the system; see {@link srvResolver}. */
export const resolveSrv: ResolveSrv = srvResolver();
