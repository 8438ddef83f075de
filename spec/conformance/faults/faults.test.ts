import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlannedRestart, runWithFaults } from './fault-run.ts';
import { findingsOf } from './findings.ts';
import { buildPrograms } from './processes.ts';

// The promises of spec/rest.md, "Endurance", and spec/usage-log.md, "Repeated requests", kept between processes. Longer:
//   SEALWRIGHT_FAULT_RUNS=10000 npx vitest run spec/conformance/faults

const given = process.env.SEALWRIGHT_FAULT_RUNS;
const seed = Number(process.env.SEALWRIGHT_FAULT_SEED ?? 1);
const acquisitions = Number(given ?? 400);
const long = acquisitions > 1000;
const restarts: readonly PlannedRestart[] = long
  ? [
      { signal: 'SIGKILL', away: 0 },
      { signal: 'SIGKILL', away: 0 },
      // Longer than some clients are patient.
      { signal: 'SIGKILL', away: 6_000 },
      { signal: 'SIGTERM', away: 0 },
    ]
  : [{ signal: 'SIGKILL', away: 0 }];
const limiter = { requests: 40, interval: 500, concurrent: 16 };
// Those in the short run outlast a restart on a busy machine; in the long one, some give up.
const retries = long
  ? { count: 6, delay: 100, longestDelay: 5_000 }
  : { count: 14, delay: 50, longestDelay: 5_000 };

// In node_modules, so that the bundled programs find their packages as any program would.
const modules = fileURLToPath(new URL('../../../node_modules/', import.meta.url));
let folder: string;

beforeAll(async () => {
  mkdirSync(modules, { recursive: true });
  folder = mkdtempSync(join(modules, '.sealwright-faults-'));
  await buildPrograms(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('acquisitions over a network with faults, from a server that is killed', () => {
  it(`succeed or fail with a code, leave one row each, and keep to the limit (${acquisitions} acquisitions, seed ${seed})`, {
    timeout: 60_000 + acquisitions * 200,
  }, async () => {
    const run = await runWithFaults({
      folder,
      acquisitions,
      contents: long ? 300 : 40,
      people: 40,
      lanes: 64,
      limiter,
      retries,
      seed,
      restarts,
    });
    const findings = findingsOf(run, limiter);
    if (given !== undefined) console.info(findings, run.restarts);

    for (const code of Object.keys(findings.failed))
      expect(['SERVICE_UNAVAILABLE', 'THROTTLED', 'TIMED_OUT']).toContain(code);
    expect(findings.ok + findings.refused).toBeGreaterThan(acquisitions * 0.95);
    expect(findings.wrongRows).toEqual([]);
    expect(findings.repeatedIds).toBe(0);
    // Otherwise the run would prove nothing.
    expect(findings.servedAgain).toBeGreaterThan(acquisitions / 100);
    // Timers of the runtime fire up to a millisecond early, again and again.
    expect(findings.shortestLetGo).toBeGreaterThanOrEqual(limiter.interval * 0.98);
    expect(findings.mostAtOnce).toBeLessThanOrEqual(limiter.concurrent);
    expect(findings.duringPauses).toBe(0);
    expect(run.restarts.map(({ how }) => how)).toEqual(
      restarts.map(({ signal }) => (signal === 'SIGKILL' ? 'SIGKILL' : '0')),
    );
    expect(run.ends).toEqual(['0', 'SIGKILL']);
  });
});
