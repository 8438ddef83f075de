// Runs everything that checks the project besides its tests: as many scripts of package.json side by side as there are
// processors, each once what it needs has passed. What a script prints stays together and comes when it is over.
// Every script is run whatever happens to the others; the names of those that failed stand at the end.
// Names as arguments run only those and what they need; `--without lint` leaves one out.
import { spawn } from 'node:child_process';
import { availableParallelism, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * What is run, in the order in which it is begun: `after` what is over, `needing` what passed. The quickstart makes a build
 * of its own, as a newcomer's does, so the real one comes after it; what needs that looks at one and the same build.
 */
export const checks = [
  { script: 'quickstart' },
  { script: 'build', after: ['quickstart'] },
  { script: 'types' },
  { script: 'api:check' },
  { script: 'lint' },
  { script: 'boundaries' },
  { script: 'docs:check' },
  { script: 'spec:check' },
  { script: 'documents:check' },
  { script: 'test:browser:built', needing: ['build'] },
  { script: 'package:check', needing: ['build'] },
  { script: 'examples', needing: ['build'] },
  { script: 'readme:check', needing: ['build'] },
  { script: 'bundles', needing: ['build'] },
];

/** Bytes of memory that one check may take: those of the types of everything take the most. */
const memoryPerCheck = 2 * 1024 ** 3;

/** The names in `wanted` with everything that has to pass before them; all, if there are none. */
export function selected(wanted, without = []) {
  const known = checks.map(({ script }) => script);
  for (const name of [...wanted, ...without])
    if (!known.includes(name)) throw new Error(`there is no check ${name}; there are ${known.join(', ')}`);
  const reached = new Set(wanted.length > 0 ? wanted : known);
  // Sets give what is added while they are gone through.
  for (const name of reached)
    for (const needed of checks.find(({ script }) => script === name)?.needing ?? []) reached.add(needed);
  return checks.filter(({ script }) => reached.has(script) && !without.includes(script));
}

/**
 * Runs `chosen`, at most `atOnce` at a time, by `run`, which takes a check and resolves to whether it passed. Resolves to the
 * outcome of each by name: `passed`, `failed`, or `not run` because something before it did not pass.
 */
export async function runSideBySide(chosen, atOnce, run) {
  const outcomes = new Map();
  const waiting = [...chosen];
  const running = new Set();
  const names = new Set(chosen.map(({ script }) => script));
  while (waiting.length > 0 || running.size > 0) {
    for (const check of [...waiting]) {
      // What was left out on purpose holds nothing up.
      const outcomesOf = (list = []) =>
        list.filter((name) => names.has(name)).map((name) => outcomes.get(name));
      const needed = outcomesOf(check.needing);
      const blocked = needed.some((outcome) => outcome === 'failed' || outcome === 'not run');
      const early = [...needed, ...outcomesOf(check.after)].includes(undefined);
      if (!blocked && (early || running.size >= atOnce)) continue;
      waiting.splice(waiting.indexOf(check), 1);
      if (blocked) {
        outcomes.set(check.script, 'not run');
        continue;
      }
      const done = run(check).then((passed) => {
        outcomes.set(check.script, passed ? 'passed' : 'failed');
        running.delete(done);
      });
      running.add(done);
    }
    if (running.size > 0) await Promise.race(running);
  }
  return outcomes;
}

/** Runs one script, and prints what it printed when it is over. */
function runScript({ script }) {
  const started = performance.now();
  const chunks = [];
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', script], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => chunks.push(Buffer.from(`${error.message}\n`)));
    child.on('close', (status, signal) => {
      const seconds = Math.round((performance.now() - started) / 1000);
      const output = Buffer.concat(chunks).toString('utf8').trimEnd();
      const verdict = status === 0 ? 'passed' : `FAILED with ${signal ?? `exit code ${status}`}`;
      console.log(`=== ${script}: npm run ${script}\n${output}\n--- ${script} ${verdict} in ${seconds} s`);
      resolve(status === 0);
    });
  });
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { without: { type: 'string', multiple: true, default: [] } },
  });
  const fitting = Math.floor(totalmem() / memoryPerCheck);
  const atOnce = Math.max(1, Math.min(availableParallelism(), fitting, 4));
  const outcomes = await runSideBySide(selected(positionals, values.without), atOnce, runScript);
  const named = (outcome) => [...outcomes].filter(([, one]) => one === outcome).map(([name]) => name);
  const [passed, failed, notRun] = ['passed', 'failed', 'not run'].map(named);
  console.log(`checks: ${passed.length} passed, ${failed.length} failed, ${notRun.length} not run`);
  if (failed.length > 0) console.log(`checks that FAILED: ${failed.join(', ')}`);
  if (notRun.length > 0) console.log(`checks not run because of that: ${notRun.join(', ')}`);
  if (failed.length > 0) process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
