// One run on many machines: four workers in processes and network namespaces of their own, two of which are killed while the
// run goes on, and PostgreSQL crashes and comes back once. Then every file is looked at: protected exactly once, with its
// content, under a license of its own. At the end the same work is timed with one worker and with two.
//
//   node spec/conformance/queue/many-machines.mjs [--files 50000] [--bytes 16384] [--dist dist] [--scaling 4000] [--threads 0]
//     [--service URL]   one shared service instead of an authority folder on the share; SEALWRIGHT_TOKEN signs in
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { makeHosts, network, removeHosts, serverAddress } from './hosts.mjs';
import { startPostgres } from './postgres.mjs';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '50000' },
    bytes: { type: 'string', default: '16384' },
    dist: { type: 'string', default: 'dist' },
    scaling: { type: 'string', default: '4000' },
    threads: { type: 'string', default: '0' },
    service: { type: 'string' },
  },
});
const files = Number(values.files);
const bytes = Number(values.bytes);
const scaling = Number(values.scaling);
const dist = resolve(values.dist);
const entry = (name) => import(pathToFileURL(join(dist, name, 'index.js')).href);
const { bulkRunOutcomes, bulkRunStatus, openBulkDatabase } = await entry('queue');
const { openAuthority } = await entry('authority/folder');
const { openFile } = await entry('node');

const workers = 4;
const port = 20_000 + Math.floor(Math.random() * 20_000);
const folder = mkdtempSync(join(tmpdir(), 'sealwright-machines-'));
const share = join(folder, 'share');
const authority = join(folder, 'authority');
const user = 'alice@contoso.com';
const started = performance.now();
const rows = [];
const rates = [];
const say = (text) =>
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s  ${text}`);
const put = (what, value) => rows.push([what, String(value)]);

/** Whoever lies about the content of a file is found out: each names itself. */
const contentOf = (run, number) => {
  const head = Buffer.from(`${run} ${number}\n`);
  return Buffer.concat([head, filling.subarray(0, Math.max(0, bytes - head.length))]);
};
const filling = randomBytes(bytes);

function makeTree(run, count) {
  for (let number = 0; number < count; number++) {
    const place = join(share, run, String(Math.floor(number / 2500)), String(Math.floor(number / 100)));
    if (number % 100 === 0) mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `${number}.txt`), contentOf(run, number));
  }
}

const identity =
  values.service === undefined
    ? ['--authority', authority, '--as', user]
    : ['--service', values.service, '--as', user];
const command = (args) => [join(dist, 'cli/main.js'), ...args];
const sealwright = (args) => execFileSync(process.execPath, command(args), { encoding: 'utf8' });

function submit(run) {
  const began = performance.now();
  const line = sealwright([
    ...['bulk', 'submit', 'protect', join(share, run), '--root', share, '--in-place', '--only-me', '--json'],
    ...['--database', url],
  ]);
  return { ...JSON.parse(line), seconds: (performance.now() - began) / 1000 };
}

function work(id, host, name) {
  const address = host === undefined ? url : remoteUrl;
  const args = command([
    ...[
      'bulk',
      'work',
      '--run',
      id,
      '--root',
      share,
      '--database',
      address,
      '--lease',
      '10',
      '--progress',
      'none',
    ],
    ...['--threads', values.threads, ...identity],
  ]);
  const child =
    host === undefined
      ? spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn('ip', ['netns', 'exec', host, process.execPath, ...args], {
          stdio: ['ignore', 'pipe', 'pipe'],
        });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const ended = new Promise((done) => child.once('close', (code, signal) => done({ code, signal, said })));
  return { name, child, ended };
}

const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
const remoteUrl = `postgres://postgres@${serverAddress}:${port}/postgres`;
const hosts = makeHosts(workers);
const database = await startPostgres(
  hosts === undefined ? ['127.0.0.1'] : ['127.0.0.1', serverAddress],
  port,
  hosts === undefined ? undefined : network,
);
let failed = false;
const check = (holds, what) => {
  say(`${holds ? 'ok    ' : 'FAILED'}  ${what}`);
  if (!holds) failed = true;
};

try {
  mkdirSync(share);
  if (values.service === undefined) sealwright(['init', '--authority', authority, '--name', 'Contoso']);
  say(`writing ${files} files of ${bytes} bytes`);
  makeTree('big', files);
  const { id, seconds } = submit('big');
  put('submitted', `${files} files in ${seconds.toFixed(1)} s, with listing and the start of a process`);
  const opened = await openBulkDatabase(url, { patienceSeconds: 120 });
  const settled = async () => {
    const { done, skipped, failed: failures } = await bulkRunStatus(opened, id);
    return done + skipped + failures;
  };
  const until = async (part) => {
    while ((await settled()) < part * files) await delay(250);
  };

  const began = performance.now();
  const running = Array.from({ length: workers }, (_, n) => work(id, hosts?.[n], `worker ${n + 1}`));
  await until(0.2);
  running[0].child.kill('SIGKILL');
  say('killed worker 1');
  await until(0.4);
  say('PostgreSQL crashes');
  await database.stop('immediate');
  await delay(3000);
  await database.start();
  say('PostgreSQL is back');
  await until(0.6);
  running[1].child.kill('SIGKILL');
  say('killed worker 2');
  for (const { name, ended } of running.slice(2)) {
    const { code, said } = await ended;
    check(code === 0, `${name} ended with ${code}: ${said.trim().split('\n').join(' | ')}`);
  }
  const wall = (performance.now() - began) / 1000;
  put(
    'run',
    `${wall.toFixed(1)} s, ${(files / wall).toFixed(0)} files/s, ${workers} workers, two of them killed`,
  );

  const status = await bulkRunStatus(opened, id);
  check(
    status.run.state === 'finished' && status.done === files,
    `${status.done} done, ${status.failed} failed, ${status.skipped} skipped, of ${status.found}: ${status.run.state}`,
  );
  let finishedEarlier = 0;
  const ids = new Map();
  for await (const outcome of bulkRunOutcomes(opened, id)) {
    ids.set(outcome.output, outcome.contentId);
    if (outcome.finishedEarlier) finishedEarlier += 1;
    if (outcome.status === 'failed' && ids.size < 5) say(JSON.stringify(outcome));
  }
  put('settled by whoever took over', `${finishedEarlier} files that a lost worker had done and not said`);
  await verify('big', files, ids);
  await opened.close();

  for (const count of [1, 2]) {
    const run = `scaling-${count}`;
    makeTree(run, scaling);
    const submitted = submit(run);
    const cpu = process.hrtime.bigint();
    const all = Array.from({ length: count }, (_, n) => work(submitted.id, hosts?.[n], run));
    await Promise.all(all.map(({ ended }) => ended));
    const took = Number(process.hrtime.bigint() - cpu) / 1e9;
    const shown = sealwright(['bulk', 'status', submitted.id, '--json', '--database', url]);
    const { startedAt, endedAt } = JSON.parse(shown);
    const inRun = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
    rates.push(scaling / inRun);
    put(
      `${count} worker${count > 1 ? 's' : ''}, ${scaling} files`,
      `${(scaling / inRun).toFixed(0)} files/s (${inRun.toFixed(1)} s of run, ${took.toFixed(1)} s with the start of processes)`,
    );
  }
  put('two workers / one', `${(rates[1] / rates[0]).toFixed(2)} on ${availableParallelism()} processors`);
} finally {
  await database.remove();
  if (hosts !== undefined) removeHosts(workers);
  rmSync(folder, { recursive: true, force: true });
}

console.log();
put('hosts', hosts === undefined ? 'all on this one' : 'a network namespace for each worker');
put('authority', values.service ?? 'one folder on the share, opened by every worker');
const width = Math.max(...rows.map(([what]) => what.length));
for (const [what, value] of rows) console.log(`${what.padEnd(width)}  ${value}`);
if (failed) process.exit(1);

/** Looks at the disk, and at the log of the authority. */
async function verify(run, count, ids) {
  const names = readdirSync(join(share, run), { recursive: true }).filter((name) =>
    statSync(join(share, run, name)).isFile(),
  );
  const strange = names.filter((name) => !/\/\d+\.ptxt$/.test(name));
  check(
    names.length === count && strange.length === 0,
    `${names.length} files on the disk, none under another name${strange.length > 0 ? `, but ${strange.slice(0, 3).join(', ')}` : ''}`,
  );
  check(new Set(ids.values()).size === count, `${new Set(ids.values()).size} licenses, each of one file`);
  if (values.service !== undefined) return;
  const opened = await openAuthority(authority);
  const service = opened.as(user);
  let wrong = 0;
  const waiting = [...names];
  const look = async () => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const path = join(share, run, name);
      const file = await openFile(path, { service });
      const number = Number(/(\d+)\.ptxt$/.exec(name)?.[1]);
      const same = Buffer.from(await file.bytes()).equals(contentOf(run, number));
      if (!same || file.contentId !== ids.get(path)) wrong += 1;
      file.close();
    }
  };
  await Promise.all(Array.from({ length: 8 }, look));
  check(
    wrong === 0,
    `${count - wrong} files open, with the content they had and the license that is on record`,
  );
  const published = new Set();
  let publications = 0;
  for await (const { requestType, contentId, result } of opened.usageLog()) {
    if (requestType !== 'FECreatePublishingLicenseV1' || result !== 'Success') continue;
    publications += 1;
    published.add(contentId);
  }
  const missing = [...ids.values()].filter((id) => !published.has(id)).length;
  check(
    missing === 0 && publications === published.size,
    `${publications} publications in the usage log: ${publications - count} for files in progress when a worker was lost`,
  );
  await opened.close();
}
