import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { openAuthority } from '../../../src/authority/folder/index.ts';
import type { UsageRecord } from '../../../src/authority/index.ts';
import { SealwrightError } from '../../../src/errors.ts';
import type { LicensingService, RequestLimit, Retries } from '../../../src/licensing/index.ts';
import { createClients, createTestIssuer } from './clients.ts';
import type { Passage } from './faults.ts';
import type { ServerSettings } from './licensing-server.ts';
import { freePort, start } from './processes.ts';
import { type Published, publishContents } from './published.ts';

/** What to try. */
export interface FaultRunOptions {
  /** Below `node_modules`, with the programs in it; the authority is made there too. */
  readonly folder: string;
  readonly acquisitions: number;
  readonly contents: number;
  readonly people: number;
  /** Acquisitions under way at once. */
  readonly lanes: number;
  readonly limiter: RequestLimit;
  readonly retries: Retries;
  readonly seed: number;
  /** How the server is ended and started again, one after the other at equal distances. */
  readonly restarts: readonly PlannedRestart[];
}

/** How the server is ended, and for how many milliseconds it stays away. */
export interface PlannedRestart {
  readonly signal: 'SIGKILL' | 'SIGTERM';
  readonly away: number;
}

/** One acquisition, and what came of it. */
export interface Acquisition {
  /** The name of the content it stated, which no other one did. */
  readonly name: string;
  readonly email: string;
  readonly contentId: string;
  /** `ok`, the code of the error, or in words what must not be. */
  readonly outcome: string;
  /** Of the request that failed. */
  readonly requestId?: string | undefined;
}

/** One restart of the server, in milliseconds. */
export interface Restart {
  readonly how: string;
  readonly down: number;
}

/** Everything that was seen. */
export interface FaultRun {
  readonly acquisitions: readonly Acquisition[];
  readonly passages: readonly Passage[];
  readonly rows: readonly UsageRecord[];
  readonly throttledAt: readonly number[];
  readonly restarts: readonly Restart[];
  /** The longest time, in milliseconds, for which this process, the client, did not get to run. */
  readonly longestStall: number;
  /** How the server ended last, and the proxy. */
  readonly ends: readonly string[];
  readonly seconds: number;
}

/** Somebody to whom nothing was granted. */
export const stranger = 'eve@example.com';
const everyFiftieth = 50;

/** Acquires use licenses of a server that is restarted now and then, through a proxy that lets requests go wrong. */
export async function runWithFaults(options: FaultRunOptions): Promise<FaultRun> {
  const folder = join(options.folder, 'authority');
  const published = await publishContents(folder, options.contents);
  const issuer = await createTestIssuer();
  const port = await freePort();
  const proxy = await start(join(options.folder, 'fault-proxy.mjs'), String(port), String(options.seed));
  const url = `http://127.0.0.1:${proxy.port}`;
  const settings: ServerSettings = { ...issuer, folder, port, url };
  const startServer = () => start(join(options.folder, 'licensing-server.mjs'), JSON.stringify(settings));
  let server = await startServer();

  const restarts: Restart[] = [];
  async function restart({ signal, away }: PlannedRestart): Promise<void> {
    const begin = performance.now();
    const how = await server.end(signal);
    await setTimeout(away);
    server = await startServer();
    restarts.push({ how, down: performance.now() - begin });
  }

  const clients = createClients(url, issuer, options);
  const acquisitions: Acquisition[] = [];
  let restarting: Promise<void> = Promise.resolve();
  let next = 0;
  const distance = options.acquisitions / (options.restarts.length + 1);
  async function lane(): Promise<void> {
    while (next < options.acquisitions) {
      const n = next++;
      const planned = options.restarts[Math.floor(n / distance) - 1];
      if (planned !== undefined && n % distance < 1) restarting = restarting.then(() => restart(planned));
      const content = published[Math.floor(n / options.people) % published.length]!;
      const email =
        n % everyFiftieth === everyFiftieth - 1 ? stranger : `person-${n % options.people}@contoso.com`;
      acquisitions.push(await acquire(clients.clientOf(email), content, { name: `${n}.docx`, email }));
    }
  }
  const stalls = monitorEventLoopDelay({ resolution: 5 });
  stalls.enable();
  const begin = performance.now();
  let seconds: number;
  let passages: readonly Passage[];
  const ends: string[] = [];
  try {
    await Promise.all(Array.from({ length: options.lanes }, lane));
    seconds = (performance.now() - begin) / 1000;
    stalls.disable();
    await restarting;
    passages = (await proxy.ask()) as Passage[];
  } finally {
    clients.close();
    ends.push(await server.end('SIGTERM'), await proxy.end('SIGKILL'));
  }
  const rows = await acquisitionRows(folder);
  const longestStall = stalls.max / 1e6;
  const { throttledAt } = clients;
  return { acquisitions, passages, rows, throttledAt, restarts, longestStall, ends, seconds };
}

async function acquire(
  service: LicensingService,
  content: Published,
  facts: { readonly name: string; readonly email: string },
): Promise<Acquisition> {
  const about = { ...facts, contentId: content.contentId };
  try {
    const use = await service.acquireUseLicense(content.publishingLicense, { contentName: facts.name });
    const wrong =
      Buffer.compare(use.contentKey, content.contentKey) !== 0
        ? 'another key'
        : [...use.rights].sort().join() !== content.rights.join()
          ? `other rights: ${use.rights}`
          : use.issuedTo !== facts.email
            ? 'issued to somebody else'
            : use.contentId !== content.contentId
              ? 'another content'
              : 'ok';
    return { ...about, outcome: wrong };
  } catch (error) {
    if (!(error instanceof SealwrightError)) return { ...about, outcome: `untyped: ${String(error)}` };
    return { ...about, outcome: error.code, requestId: error.details.requestId };
  }
}

async function acquisitionRows(folder: string): Promise<readonly UsageRecord[]> {
  const authority = await openAuthority(folder);
  const rows: UsageRecord[] = [];
  for await (const row of authority.usageLog()) if (row.requestType === 'AcquireLicense') rows.push(row);
  await authority.close();
  return rows;
}
