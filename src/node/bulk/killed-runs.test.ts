import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateRsaKey } from '../../license/index.ts';
import { makeTestService } from '../test/service.ts';
import { workerScriptFromSources } from '../workers/worker-script.test-support.ts';
import { openFiles } from './open-files.ts';

const files = 40;
const kills = 3;
let scratch: string;
let script: string;
let key: string;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'sealwright-killed-'));
  script = fileURLToPath(
    await workerScriptFromSources(new URL('./killed-session.test-support.ts', import.meta.url)),
  );
  key = join(scratch, 'key');
  writeFileSync(key, await generateRsaKey(2048));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs a session and kills it once so many files were settled. Gives what it said. */
function session(args: readonly string[], settledAtMost: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.length >= settledAtMost) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', () => resolve(said));
  });
}

describe('a run that is killed again and again', () => {
  it.each(['in place', 'into a folder'])(
    'ends with every file protected exactly once, %s',
    async (how) => {
      const folder = join(scratch, how);
      const tree = join(folder, 'tree');
      mkdirSync(tree, { recursive: true });
      for (let n = 0; n < files; n++) writeFileSync(join(tree, `${n}.txt`), `Content of ${n}`);
      const out = how === 'in place' ? '' : join(folder, 'out');
      const args = [tree, join(folder, 'run.journal'), key, out];
      for (let n = 1; n <= kills; n++) await session(args, 1 + ((n * 7) % 11));
      const said = await session(args, Number.POSITIVE_INFINITY);
      const report: unknown = JSON.parse(said.replace(/^\.*/, ''));
      expect(report).toMatchObject({
        complete: true,
        found: files,
        done: files,
        skipped: 0,
        failed: 0,
        sessions: kills + 1,
      });
      const made = out === '' ? tree : out;
      expect(readdirSync(made).sort()).toEqual(Array.from({ length: files }, (_, n) => `${n}.ptxt`).sort());
      const contentIds = new Set<string | undefined>();
      const opened = await openFiles(made, {
        service: await makeTestService(new Uint8Array(readFileSync(key))),
        out: join(folder, 'opened'),
        threads: 0,
        durable: false,
        onFile: ({ contentId }) => void contentIds.add(contentId),
      });
      expect(opened).toMatchObject({ done: files, failed: 0 });
      expect(contentIds.size).toBe(files);
    },
    60_000,
  );
});
