import { describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../../src/authority/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../src/license/index.ts';
import { fuzzServer } from './server-fuzz/fuzz-server.ts';

describe('the server', () => {
  // Longer: node spec/conformance/server-fuzz.mjs --runs 200000
  it('answers two thousand hostile requests of people who are signed in without a single 500', async () => {
    const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
    const authority = await createAuthority({ store: createMemoryStore(), custodian });
    const report = await fuzzServer({ authority, runs: 2_000, seed: 1, socketShare: 0.05 });
    expect(report.findings).toEqual([]);
    expect(report.byStatus[500]).toBeUndefined();
    expect(report.overSocket).toBeGreaterThan(50);
    // It got through to where it matters: licenses were issued, and refused for many reasons.
    for (const status of [200, 400, 401, 403, 404, 405, 413, 415])
      expect([status, report.byStatus[status] ?? 0]).not.toEqual([status, 0]);
  }, 180_000);
});
