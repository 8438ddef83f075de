// Runs every program in examples/ with the built package, each in an empty folder, and fails when one does.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const examples = fileURLToPath(new URL('../examples/', import.meta.url));
/** Has a script of its own, because it keeps its output for the reader. */
const elsewhere = ['quickstart.mjs'];

const names = readdirSync(examples)
  .filter((name) => name.endsWith('.mjs') && !elsewhere.includes(name))
  .sort();
let failures = names.length === 0 ? 1 : 0;
if (names.length === 0) console.error('examples: there is none');
for (const name of names) {
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-example-'));
  const started = performance.now();
  const run = spawnSync(process.execPath, [join(examples, name)], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  rmSync(folder, { recursive: true, force: true });
  console.log(`${name} ${run.status === 0 ? 'ran' : 'FAILED'} in ${seconds} s`);
  if (run.status !== 0) {
    failures += 1;
    console.error(run.stdout + run.stderr);
  }
}
if (failures > 0) process.exit(1);
