import type { WaitOptions } from '../../../bytes/index.ts';
import type { DiscoveryStep, ResolveSrv, SrvRecord } from '../rest-service-options.ts';

/** What looking up a service record takes. */
export interface RecordLookup extends WaitOptions {
  readonly resolveSrv: ResolveSrv;
  readonly random: () => number;
  readonly explain: (step: DiscoveryStep) => void;
}

const prefix = '_rmsdisco._http._tcp.';
const mostLabels = 16;
const mostTargets = 4;
const hostName =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/i;

/**
 * Hosts (with port) that the service record of `domain` names, in the order in which to try them: looked up for the
 * domain, then with its leftmost label taken off, while at least two labels remain (spec/rest.md, "Discovery").
 */
export async function findServiceRecord(domain: string, lookup: RecordLookup): Promise<readonly string[]> {
  let labels = domain.toLowerCase().split('.');
  if (labels.length > mostLabels) labels = labels.slice(-mostLabels);
  for (; labels.length >= 2; labels = labels.slice(1)) {
    const name = `${prefix}${labels.join('.')}`;
    const hosts = hostsOf(await recordsOf(name, lookup), lookup.random);
    if (hosts.length > 0) {
      lookup.explain({ kind: 'dns', subject: name, outcome: `names ${hosts.join(', ')}: asked next` });
      return hosts;
    }
  }
  return [];
}

async function recordsOf(
  name: string,
  { resolveSrv, explain, signal }: RecordLookup,
): Promise<readonly SrvRecord[]> {
  try {
    const records = await resolveSrv(name, { signal });
    if (records.length === 0) explain({ kind: 'dns', subject: name, outcome: 'there is no such record' });
    return records;
  } catch (error) {
    signal?.throwIfAborted();
    const why = error instanceof Error ? error.message.slice(0, 200) : 'unknown';
    explain({ kind: 'dns', subject: name, outcome: `the lookup failed (${why}): taken for no record` });
    return [];
  }
}

/** Lowest priority first; among equals by chance, in proportion to the weight (RFC 2782). */
function hostsOf(records: readonly SrvRecord[], random: () => number): readonly string[] {
  const usable = records
    .map((record) => ({ ...record, name: record.name.replace(/\.$/, '') }))
    .filter(({ name, port }) => hostName.test(name) && Number.isInteger(port) && port > 0 && port < 65536);
  const drawn = usable.map((record) => ({
    record,
    // The largest of such draws falls on each record in proportion to its weight; no weight comes last.
    draw: record.weight > 0 ? random() ** (1 / record.weight) : -1,
  }));
  drawn.sort((a, b) => a.record.priority - b.record.priority || b.draw - a.draw);
  const hosts = drawn.map(({ record }) =>
    record.port === 443 ? record.name : `${record.name}:${record.port}`,
  );
  return [...new Set(hosts)].slice(0, mostTargets);
}
