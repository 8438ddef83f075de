import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { afterEach, describe, expect, it } from 'vitest';
import { doctorFixtures } from '../../../spec/conformance/doctor-fixtures.ts';
import { testCertificate } from '../../../spec/conformance/test-certificate.ts';
import type { Outcome } from '../command-action.ts';
import { startSession } from '../session.ts';
import { addDoctorCommand } from './doctor.ts';

const undos: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of undos.splice(0).reverse()) await undo();
});

async function doctor(args: readonly string[], columns = 80) {
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-doctor-'));
  undos.push(() => rmSync(folder, { recursive: true }));
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, testCertificate().ca);
  const stdout: string[] = [];
  const stderr: string[] = [];
  const session = startSession({
    stdout: { columns, isTTY: true, write: (text) => stdout.push(text) > 0 },
    stderr: { write: (text) => stderr.push(text) > 0 },
    stdin: new PassThrough(),
    env: { SEALWRIGHT_HOME: folder, NO_COLOR: '1' },
    signal: new AbortController().signal,
  });
  const outcome: Outcome = { exitCode: 0 };
  const program = new Command('sealwright').exitOverride();
  addDoctorCommand(program, session, outcome);
  await program.parseAsync(['doctor', ...args, '--ca', ca, '--timeout', '5'], { from: 'user' });
  return { exitCode: outcome.exitCode, stdout: stdout.join(''), stderr: stderr.join('') };
}

async function addressOf(name: string): Promise<string> {
  const fixture = doctorFixtures.find((each) => each.name === name);
  const options = await fixture?.open((undo) => void undos.push(undo));
  return options?.targets[0]?.url.origin ?? '';
}

describe('sealwright doctor', () => {
  it('says what was tried, seen, means and is to be done, within the width of the terminal', async () => {
    const { stdout, exitCode } = await doctor([await addressOf('captive portal, page')]);
    expect(exitCode).toBe(5);
    expect(stdout).toContain('ok       Certificate');
    expect(stdout).toContain('failed   Answer       200 and a web page');
    expect(stdout).toMatch(/tried {2}GET \/my\/v2\/servicediscovery/);
    expect(stdout).toMatch(/means {2}A web page answers/);
    expect(stdout).toMatch(/do {2}Open a web page/);
    expect(stdout).toContain('skipped  Sign-in, Clock, Token, Discovery, License: not tried');
    expect(stdout).toContain('1 failed, 5 ok, 5 skipped');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('ends with 0 where nothing failed, and explains every check if asked', async () => {
    const { stdout, exitCode } = await doctor([
      await addressOf('answer without a date'),
      '--trust',
      'login.contoso.com',
      '--explain',
    ]);
    expect(stdout).toContain('1 warning, 7 ok, 3 skipped');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/means {2}No proxy is in the way\./);
    expect(stdout).toContain('because nobody is signed in');
  });

  it('writes JSON alone with --json', async () => {
    const { stdout, exitCode } = await doctor([await addressOf('429'), '--json']);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(12);
    expect(lines.find(({ state }) => state === 'failed')).toMatchObject({
      check: 'answer',
      verdict: 'throttled',
    });
    expect(lines.at(-1)).toEqual({ totals: { ok: 6, warning: 0, failed: 1, skipped: 4 } });
    expect(exitCode).toBe(5);
  });

  it('refuses what makes no sense before it asks anybody', async () => {
    expect((await doctor(['--cloud', 'mars'])).stderr).toContain(
      '--cloud takes commercial, us-government, china',
    );
    expect((await doctor([])).exitCode).toBe(2);
    expect((await doctor(['https://a.test', '--service', 'https://b.test'])).stderr).toContain('named twice');
  });
});
