import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the harness as a person would. Longer, with another seed each time: node tools/fuzz/run.mjs --runs 200000 --seed 2. */
function runFuzz(...options: readonly string[]): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, ['tools/fuzz/run.mjs', ...options], { cwd: root });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}

describe('every reader', () => {
  it('answers thousands of changed files with a result or an error of the family, in time and in bounds', async () => {
    const { status, output } = await runFuzz('--runs', '1800', '--seed', '20260504');
    expect(output).not.toContain('FINDING');
    expect(output).toMatch(/all +1800 runs +0 findings/);
    expect(status).toBe(0);
  }, 120_000);

  it('is not asked by a harness that misunderstood its options', async () => {
    expect(await runFuzz('--target', 'everything')).toMatchObject({ status: 2 });
  });
});
