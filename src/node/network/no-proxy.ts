import { BlockList, isIP } from 'node:net';

/** Says whether a URL is reached without the proxy. */
export type ProxyBypass = (url: URL) => boolean;

/**
 * Reads `NO_PROXY`: names separated by commas or spaces. A name stands for itself and everything below it, with or
 * without a leading dot or `*.`; `:port` limits it to a port; addresses and ranges (`10.0.0.0/8`) are compared with
 * addresses in URLs only, nothing is looked up; `*` stands for everything (spec/network.md, "Around the proxy").
 */
export function parseNoProxy(texts: readonly string[]): ProxyBypass {
  const tests = texts
    .flatMap((text) => text.split(/[\s,]+/))
    .flatMap((entry) => testFor(entry.toLowerCase()));
  return (url) => {
    const host = bare(url.hostname).replace(/\.$/, '').toLowerCase();
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
    return tests.some((test) => test(host, port));
  };
}

type HostTest = (host: string, port: number) => boolean;

function testFor(entry: string): readonly HostTest[] {
  if (entry === '') return [];
  if (entry === '*') return [() => true];
  const range = /^(?<address>[^/]+)\/(?<bits>\d{1,3})$/.exec(entry)?.groups;
  if (range) return rangeTest(bare(range.address ?? ''), Number(range.bits));
  const { name, port } = splitPort(entry);
  const fits = isIP(name) === 0 ? nameTest(name) : addressTest(name);
  return [(host, hostPort) => (port === undefined || port === hostPort) && fits(host)];
}

function nameTest(pattern: string): (host: string) => boolean {
  const name = pattern.replace(/^\*?\.+/, '').replace(/\.$/, '');
  return name === '' ? () => false : (host) => host === name || host.endsWith(`.${name}`);
}

function addressTest(address: string): (host: string) => boolean {
  const list = new BlockList();
  list.addAddress(address, family(address));
  return (host) => isIP(host) !== 0 && list.check(host, family(host));
}

function rangeTest(address: string, bits: number): readonly HostTest[] {
  // An entry that means nothing is passed over, as every other program does with this variable.
  if (isIP(address) === 0 || bits > (isIP(address) === 4 ? 32 : 128)) return [];
  const list = new BlockList();
  list.addSubnet(address, bits, family(address));
  return [(host) => isIP(host) !== 0 && list.check(host, family(host))];
}

function splitPort(entry: string): { name: string; port: number | undefined } {
  if (isIP(entry) === 6) return { name: entry, port: undefined };
  const parts = /^(?<name>\[[^\]]*\]|[^:]*)(?::(?<port>\d{1,5}))?$/.exec(entry)?.groups;
  return {
    name: bare(parts?.name ?? entry),
    port: parts?.port === undefined ? undefined : Number(parts.port),
  };
}

const bare = (host: string): string => host.replace(/^\[|\]$/g, '');
const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6');
