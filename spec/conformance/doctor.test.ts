import { afterEach, describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../../src/authority/index.ts';
import { diagnose } from '../../src/cli/doctor/diagnose.ts';
import type { DiagnoseOptions } from '../../src/cli/doctor/examination.ts';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { checks, verdicts } from '../../src/cli/doctor/verdicts.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../src/license/index.ts';
import { doctorFixtures } from './doctor-fixtures.ts';
import { openRestStage, stageIssuer, tokenFor } from './rest-service-stage.ts';
import { testCertificate } from './test-certificate.ts';

const undos: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of undos.splice(0).reverse()) await undo();
});

async function findingsOf(options: DiagnoseOptions): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const found of diagnose(options)) findings.push(found);
  return findings;
}

describe('diagnose', () => {
  it('finds nothing wrong with a server of ours, and takes a license there and back', async () => {
    const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
    const authority = await createAuthority({ store: createMemoryStore(), custodian });
    undos.push(() => authority.close());
    const stage = await openRestStage(authority, () => new Date());
    undos.push(() => stage.close());
    const url = new URL(stage.url);
    const findings = await findingsOf({
      targets: [{ url, purpose: 'licensing service', need: 'required', entry: true, own: true }],
      network: { env: {}, certificateAuthorities: [testCertificate().ca] },
      trust: { authorities: [stageIssuer.issuer] },
      tokens: () => tokenFor('alice@contoso.com', new Date()),
      user: 'alice@contoso.com',
    });
    expect(findings.map(({ check, state }) => `${check} ${state}`)).toEqual(
      checks.map((check) => `${check} ok`),
    );
  });

  it.each(doctorFixtures.map((fixture) => [fixture.name, fixture.expected, fixture] as const))(
    'tells %s: %s, and nothing else as wrong',
    async (_, expected, fixture) => {
      const findings = await findingsOf(await fixture.open((undo) => void undos.push(undo)));
      const wrong = findings.filter(({ state }) => state === 'failed' || state === 'warning');
      const besides = expected === 'certificate-intercepted' ? ['name-odd-address'] : [];
      expect(wrong.map(({ verdict }) => verdict)).toEqual([...besides, expected]);
      const last = wrong.at(-1);
      expect(last).toMatchObject({ means: verdicts[expected].means, tried: expect.stringMatching(/./) });
      expect(last?.advice).toMatch(/./);
      expect(last?.seen).toMatch(/./);
      expect(JSON.stringify(findings)).not.toContain('a.test.token');
      expect(new Set(findings.map(({ check }) => check))).toEqual(new Set(checks));
    },
  );
});
