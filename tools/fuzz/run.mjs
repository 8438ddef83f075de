// Feeds changed files to every reader and looks for what must not happen: an error outside the family, a hang, memory
// without bound, or a wrong result. The same seed gives the same inputs.
//
//   node tools/fuzz/run.mjs [--runs 20000] [--seed 1] [--target NAME]
//   node tools/fuzz/run.mjs --target pfile --input fuzz-findings/pfile-1-4711.bin
//
// Targets: pfile, xrml, der, archive, compound, data-spaces, labels, property-sets, pdf, rpmsg, eml, msg; office is compound to property-sets; without one, all.
// One run in eight does what is dear as well: round trips, and comparisons of the whole. Time is that of the processor.
// Every finding is printed with its seed and run; its input is saved in fuzz-findings/, which git ignores. Exits 1 if
// there was one.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';

const kinds = {
  pfile: [['pfile', 1]],
  xrml: [['xrml', 1]],
  der: [['der', 1]],
  archive: [
    ['archive-lines', 0.8],
    ['archive-sealed', 0.2],
  ],
  compound: [['compound', 1]],
  'data-spaces': [['data-spaces', 1]],
  labels: [['labels', 1]],
  'property-sets': [['property-sets', 1]],
  rpmsg: [['rpmsg', 1]],
  msg: [['msg', 1]],
  pdf: [['pdf', 1]],
  eml: [['eml', 1]],
};
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string', default: 'all' },
    input: { type: 'string' },
    'make-corpus': { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed);
const office = ['compound', 'data-spaces', 'labels', 'property-sets'];
const chosen = { all: Object.keys(kinds), office }[values.target] ?? [values.target];
if (
  !Number.isSafeInteger(runs) ||
  runs < 1 ||
  !Number.isSafeInteger(seed) ||
  chosen.some((each) => !(each in kinds))
) {
  console.error(
    `Usage: node tools/fuzz/run.mjs [--runs N] [--seed N] [--target ${Object.keys(kinds).join('|')}|office|all]`,
  );
  process.exit(2);
}

const guards = {
  slowMilliseconds: 2000,
  hangMilliseconds: 15_000,
  waitMilliseconds: 120_000,
  memoryBytes: 300e6,
  heapMegabytes: 512,
};
process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const findingsFolder = 'fuzz-findings';
const folder = mkdtempSync(join(tmpdir(), 'sealwright-fuzz-'));
try {
  if (values['make-corpus']) {
    await import(await bundle('make-corpus'));
    await import(await bundle('make-office-corpus'));
  } else process.exitCode = (await fuzzAll(await bundle('worker'))) === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
} finally {
  rmSync(folder, { recursive: true });
}

async function bundle(name) {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [`tools/fuzz/${name}.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'error',
  });
  return outfile;
}

async function fuzzAll(program) {
  let [allRuns, allFindings] = [0, 0];
  const start = performance.now();
  for (const kind of chosen)
    for (const [target, share] of kinds[kind]) {
      const count = values.input ? 1 : Math.max(1, Math.round((runs / chosen.length) * share));
      const result = await fuzz(program, target, count);
      allRuns += result.runs;
      allFindings += result.findings;
      const outcomes = Object.entries(result.outcomes).sort(([, a], [, b]) => b - a);
      console.log(
        `${target.padEnd(15)} ${String(result.runs).padStart(8)} runs ${String(result.findings).padStart(4)} findings ` +
          `${String(Math.round(result.runs / result.seconds)).padStart(6)} runs/s  ` +
          outcomes
            .slice(0, 24)
            .map(([name, times]) => `${name}: ${times}`)
            .join('; '),
      );
      if (result.runs >= 1000)
        console.log(
          `${''.padEnd(15)} peak memory ${Math.round(result.peakBytes / 1e6)} MB; slowest run ${result.slowest.run}: ` +
            `${Math.round(result.slowest.milliseconds)} ms of processor time`,
        );
    }
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `${'all'.padEnd(15)} ${String(allRuns).padStart(8)} runs ${String(allFindings).padStart(4)} findings ` +
      `${String(Math.round(allRuns / seconds)).padStart(6)} runs/s  seed ${seed}, ${seconds.toFixed(1)} s, ` +
      `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}`,
  );
  return allFindings;
}

/** Runs one target to its end; a run that hangs or dies is a finding, and the next worker goes on behind it. */
async function fuzz(program, target, count) {
  const start = performance.now();
  const outcomes = {};
  const seen = new Map();
  let [next, begun, findings] = [0, 0, 0];
  let [slowest, peakBytes] = [{ run: -1, milliseconds: 0 }, 0];
  const found = async (run, what) => {
    findings++;
    const firstLines = what.split('\n').slice(0, 3).join('\n');
    const times = (seen.get(firstLines) ?? 0) + 1;
    seen.set(firstLines, times);
    if (times > 3) return;
    console.log(`FINDING in ${target}: seed ${seed}, run ${run}\n${what.split('\n').slice(0, 8).join('\n')}`);
    mkdirSync(findingsFolder, { recursive: true });
    const writeTo = join(findingsFolder, `${target}-${seed}-${run}.bin`);
    if (!values.input) await order(program, { target, from: run, until: run, writeTo }, () => undefined);
  };
  while (next < count) {
    const waiting = [];
    const end = await order(program, { target, from: next, until: count }, (message) => {
      for (const [name, times] of Object.entries(message.outcomes ?? {}))
        outcomes[name] = (outcomes[name] ?? 0) + times;
      if (message.slowest?.milliseconds > slowest.milliseconds) slowest = message.slowest;
      peakBytes = Math.max(peakBytes, message.peakBytes ?? 0);
      if (message.finding) waiting.push(message.finding);
    });
    for (const { run, what } of waiting) await found(run, what);
    begun += end.begun;
    if (end.problem === undefined) break;
    if (end.begun === 0) throw new Error(`No run of ${target} could begin: ${end.problem}`);
    await found(end.run, end.problem);
    next = end.run + 1;
  }
  return { runs: begun, findings, outcomes, slowest, peakBytes, seconds: (performance.now() - start) / 1000 };
}

/** One worker under guard: gives how far it came, and why it did not come to its end. */
function order(program, { target, from, until, writeTo }, onMessage) {
  const pulse = new SharedArrayBuffer(12);
  const state = new Int32Array(pulse);
  const input = values.input && new Uint8Array(readFileSync(values.input));
  const worker = new Worker(program, {
    workerData: { target, seed, from, until, writeTo, input, pulse, ...guards },
    execArgv: ['--enable-source-maps'],
    resourceLimits: { maxOldGenerationSizeMb: guards.heapMegabytes },
  });
  let problem;
  let [lastBegun, since, used] = [-1, performance.now(), process.cpuUsage()];
  const watchdog = setInterval(() => {
    const begun = Atomics.load(state, 2);
    const { user, system } = process.cpuUsage(used);
    if (begun !== lastBegun || Atomics.load(state, 1) === 0)
      [lastBegun, since, used] = [begun, performance.now(), process.cpuUsage()];
    else if (
      (user + system) / 1000 > guards.hangMilliseconds ||
      performance.now() - since > guards.waitMilliseconds
    ) {
      problem = `hang: no end after ${guards.hangMilliseconds} ms of processor time, or ${guards.waitMilliseconds} ms in all`;
      worker.terminate();
    }
  }, 100);
  return new Promise((resolve) => {
    worker.on('message', onMessage);
    worker.on('error', (error) => {
      problem ??= `the worker died: ${error.stack ?? error}`;
    });
    worker.on('exit', () => {
      clearInterval(watchdog);
      // A worker whose promise is never settled has nothing left to do and ends as if all were well.
      if (Atomics.load(state, 1) === 1) problem ??= 'no end: what was awaited never came';
      resolve({ run: Atomics.load(state, 0), begun: Atomics.load(state, 2), problem });
    });
  });
}
