import { BlockList, isIP } from 'node:net';
import { SealwrightError } from '../errors.ts';

/** More proxies in a row than this are not followed. */
const longestChain = 32;

/** Networks whose word about a client's address is taken. Throws `INVALID_ARGUMENT` for what is no address or network. */
export function proxyList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address);
    const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
    if (family === 0 || !/^\d{1,3}$/.test(prefix ?? '0') || bits > (family === 4 ? 32 : 128))
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        `trustedProxies: "${network.slice(0, 64)}" is no address or network; write 10.0.0.7 or 10.0.0.0/24.`,
        { field: 'trustedProxies' },
      );
    list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

/** Whether an address is in the list; one that is none is not. */
export function isListed(list: BlockList, address: string | undefined): boolean {
  const bare = plainAddress(address ?? '');
  const family = isIP(bare);
  return family !== 0 && list.check(bare, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Who sent a request: the peer of the connection, or, where that is a declared proxy, the last address in `X-Forwarded-For` that
 * is not one. What stands further left may be made up by the client.
 */
export function clientAddress(
  peer: string | undefined,
  forwarded: string | undefined,
  proxies: BlockList | undefined,
): string | undefined {
  let client = peer === undefined ? undefined : plainAddress(peer);
  if (proxies === undefined || forwarded === undefined || !isListed(proxies, peer)) return client;
  const chain = forwarded.split(',').slice(-longestChain).reverse();
  for (const entry of chain) {
    const address = plainAddress(entry.trim().replace(/^\[(.*)\](?::\d+)?$/, '$1'));
    if (isIP(address) === 0) return client;
    client = address;
    if (!isListed(proxies, address)) return client;
  }
  return client;
}

/** An IPv4 address that comes in IPv6 clothes, without them. */
const plainAddress = (address: string): string =>
  /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address;
