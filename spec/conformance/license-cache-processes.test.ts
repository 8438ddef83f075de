import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderLicenseStore } from '../../src/node/index.ts';

let folder: string;
let program: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sealwright-cache-processes-'));
  program = join(folder, 'worker.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('license-cache-processes.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly errors: string;
  readonly lastTime: number;
}

/** Runs a worker, and kills it once it has printed `killAfter` lines. */
function run(directory: string, me: number, killAfter?: number): Promise<Ended> {
  const child = spawn(process.execPath, [program, directory, String(me), '60']);
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (killAfter !== undefined && output.split('\n').length > killAfter) child.kill('SIGKILL');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const times = output.split('\n').slice(0, -1).map(Number);
      resolve({ code, signal, errors, lastTime: Math.max(-1, ...times) });
    });
  });
}

describe('several processes that keep licenses in one folder', () => {
  it('read nothing mixed or half written and lose no time, though some are killed', async () => {
    const directory = join(folder, 'licenses');
    const ended = await Promise.all([
      run(directory, 1),
      run(directory, 2),
      run(directory, 3, 10),
      run(directory, 4, 25),
    ]);
    expect(ended.map(({ code, signal, errors }) => [code ?? signal, errors])).toEqual([
      [0, ''],
      [0, ''],
      ['SIGKILL', ''],
      ['SIGKILL', ''],
    ]);
    const store = await folderLicenseStore(directory, { maximumEntries: 20 });
    const latest = await store.latestTime();
    expect(latest?.getTime()).toBeGreaterThanOrEqual(Math.max(...ended.map(({ lastTime }) => lastTime)));
    for (let key = 0; key < 30; key++) {
      const read = await store.get(String(key));
      if (read !== undefined) expect(new TextDecoder().decode(read)).toBe(`${key} `.repeat(500));
    }
    await store.set('last', new Uint8Array(1));
    const entries = readdirSync(join(directory, 'licenses')).filter((name) => !name.startsWith('.'));
    expect(entries.length).toBeLessThanOrEqual(20);
    expect(readdirSync(join(directory, 'clock')).filter((name) => !name.startsWith('.')).length).toBeLessThan(
      5,
    );
  }, 60_000);
});
