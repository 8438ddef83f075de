// Use licenses over HTTP, beside a bare hono handler with one RSA-2048 private operation, which is the limit. Each server and
// the generator are processes of their own; the servers are loaded in turns.
//   node bench/server/load.mjs [--seconds N] [--rounds N] [--connections N] [--licenses N] [--requests N]
// `--requests 100000` then sends that many to the licensing server, and tells its memory before, on the way and after.
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { generate } from './generator.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '64' },
    licenses: { type: 'string', default: '500' },
    requests: { type: 'string', default: '0' },
  },
});
const [seconds, rounds, connections, requests] = [
  values.seconds,
  values.rounds,
  values.connections,
  values.requests,
].map(Number);

const root = fileURLToPath(new URL('../..', import.meta.url));
// Inside the project, so that the servers find their packages.
const folder = `${root}node_modules/.sealwright-load-${process.pid}`;
const children = [];

try {
  mkdirSync(folder);
  await build({
    entryPoints: [`${root}bench/server/bare.ts`, `${root}bench/server/licensing.ts`],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const bare = await start('bare');
  const licensing = await start('licensing', values.licenses);
  const cases = {
    'bare, GET': { ...bare, next: () => `GET /bare HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n` },
    'bare, same body': { ...bare, next: posting('/bare', licensing) },
    'use licenses': { ...licensing, next: posting('/my/v2/enduserlicenses', licensing) },
  };
  for (const each of Object.values(cases)) await generate({ ...each, connections, milliseconds: 1500 });

  const results = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, each] of Object.entries(cases)) {
      const before = (await ask(each.child)).cpu;
      const { latencies, seconds: took } = await generate({
        ...each,
        connections,
        milliseconds: seconds * 1000,
      });
      const after = (await ask(each.child)).cpu;
      results[name].push({
        rate: latencies.length / took,
        p50: latencies[latencies.length >> 1],
        p99: latencies[Math.floor(latencies.length * 0.99)],
        cpu: (after.user + after.system - before.user - before.system) / latencies.length,
      });
    }
  const median = (name, key) => results[name].map((each) => each[key]).sort((a, b) => a - b)[rounds >> 1];
  console.log(`${connections} connections, ${rounds} rounds of ${seconds} s, medians`);
  for (const name of Object.keys(cases))
    console.log(
      `  ${name.padEnd(18)}${median(name, 'rate').toFixed(0).padStart(7)}/s   p50 ${median(name, 'p50').toFixed(1)} ms   p99 ${median(name, 'p99').toFixed(1)} ms   ${median(name, 'cpu').toFixed(0)} us of processor time each`,
    );
  for (const limit of ['bare, GET', 'bare, same body']) {
    const ratios = results[limit].map(({ rate }, round) => results['use licenses'][round].rate / rate);
    const middle = ratios.sort((a, b) => a - b)[rounds >> 1];
    console.log(`  use licenses / ${limit}: ${(100 * middle).toFixed(0)} %`);
  }

  const steps = 10;
  if (requests > 0) console.log(`memory: ${await megabytes(licensing.child)} MB`);
  for (let step = 1; requests > 0 && step <= steps; step++) {
    await generate({ ...cases['use licenses'], connections, requests: Math.round(requests / steps) });
    console.log(
      `memory after ${Math.round((requests * step) / steps)} more: ${await megabytes(licensing.child)} MB`,
    );
  }
  const { rows } = await ask(licensing.child, 'stop');
  console.log(`${rows} rows in the usage log for ${licensing.sent} requests`);
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}

async function start(name, ...args) {
  const child = fork(`${folder}/${name}.mjs`, args);
  children.push(child);
  const { port, ...more } = await message(child);
  return { child, port, sent: 0, ...more };
}

function message(child) {
  return new Promise((resolve, reject) => {
    const ended = (code) => reject(new Error(`a server ended (${code})`));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer);
    });
  });
}

function ask(child, what = 'report') {
  const answer = message(child);
  child.send(what);
  return answer;
}

async function megabytes(child) {
  return ((await ask(child)).memory / 1e6).toFixed(0);
}

/** Requests for one license after the other, each with an id of its own. */
function posting(path, service) {
  const marker = '00000000-0000-0000-0000-000000000000';
  const templates = service.licenses.map((license) => {
    const body = JSON.stringify({ SerializedPublishingLicense: license });
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: 127.0.0.1',
      `Authorization: Bearer ${service.token}`,
      'Content-Type: application/json',
      'x-ms-rms-platform-id: AppName=load;AppVersion=1',
      `x-ms-rms-request-id: ${marker}`,
      `Content-Length: ${body.length}`,
    ].join('\r\n');
    const bytes = Buffer.from(`${head}\r\n\r\n${body}`);
    return { bytes, at: bytes.indexOf(marker) };
  });
  let next = 0;
  return () => {
    const { bytes, at } = templates[next++ % templates.length];
    const request = Buffer.from(bytes);
    request.write(randomUUID(), at, 'latin1');
    if (path !== '/bare') service.sent++;
    return request;
  };
}
