import { promises as dns, type LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { clouds } from '../../licensing/index.ts';
import { codeOf, type Examination, span } from './examination.ts';
import { type Finding, finding } from './finding.ts';

const inside = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  inside.addSubnet(address, bits, 'ipv4');
for (const [address, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  inside.addSubnet(address, bits, 'ipv6');

/** Looks the host up as programs do: by the system, with its hosts file and search domains. */
export async function checkName(
  examination: Examination,
): Promise<{ readonly finding: Finding; readonly addresses: readonly LookupAddress[] }> {
  const { target, hostname, options, limit } = examination;
  const family = isIP(hostname);
  if (family !== 0) {
    const seen = `${hostname} is an address already`;
    return {
      addresses: [{ address: hostname, family }],
      finding: finding(target, 'name-found', { tried: 'look the host up', seen }),
    };
  }
  const tried = `look up ${hostname}`;
  const lookup = options.lookup ?? ((host: string) => dns.lookup(host, { all: true }));
  const started = performance.now();
  try {
    const addresses = await orAbort(lookup(hostname), limit());
    const texts = addresses.slice(0, 4).map(({ address }) => address);
    const odd = isCloudHost(hostname) && addresses.every(isInside);
    const seen = `${texts.join(', ')} (${span(performance.now() - started)})`;
    const observation = { tried, seen, facts: { addresses: texts } };
    return { addresses, finding: finding(target, odd ? 'name-odd-address' : 'name-found', observation) };
  } catch (error) {
    options.signal?.throwIfAborted();
    const code = codeOf(error) || 'no answer in time';
    const unknown = code === 'ENOTFOUND' || code === 'ENODATA';
    const seen = unknown ? `no such name (${code})` : `no answer (${code})`;
    const verdict = unknown ? 'name-unknown' : 'name-lookup-failed';
    return { addresses: [], finding: finding(target, verdict, { tried, seen, facts: { code } }) };
  }
}

const isInside = ({ address, family }: LookupAddress): boolean =>
  inside.check(address, family === 6 ? 'ipv6' : 'ipv4');

const cloudDomains = Object.values(clouds).flatMap(({ hosts }) => hosts.map((host) => host.replace('*', '')));
const isCloudHost = (host: string): boolean => cloudDomains.some((domain) => host.endsWith(domain));

/** A look-up cannot be called back, only left alone. */
function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    }),
  ]);
}
