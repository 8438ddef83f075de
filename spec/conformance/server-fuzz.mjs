// Sends hostile requests of signed-in people to a server over an authority in a folder: malformed JSON and XrML, wrong
// shapes, deep and huge bodies, path tricks, header floods; most without a socket, some over a real connection. Prints
// the statuses and the memory. Exits 1 if there was a 500, a crash, or memory that does not stay flat.
//
//   node spec/conformance/server-fuzz.mjs [--runs 200000] [--seed 1] [--socket 0.05] [--lanes 8]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    socket: { type: 'string', default: '0.05' },
    lanes: { type: 'string', default: '8' },
  },
});
const [runs, seed, socketShare, lanes] = [values.runs, values.seed, values.socket, values.lanes].map(Number);
process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const megabytes = (bytes) => Math.round(bytes / 1e5) / 10;
async function memory(at) {
  // Buffers are freed behind the collector's back: it takes a moment, and a second look.
  collect();
  await setTimeout(100);
  collect();
  const { heapUsed, rss, external } = process.memoryUsage();
  const shown = { at, heap: megabytes(heapUsed), external: megabytes(external), rss: megabytes(rss) };
  console.log(
    `memory after ${at}: heap ${shown.heap} MB, external ${shown.external} MB, rss ${shown.rss} MB`,
  );
  return shown;
}

// Beside the modules it uses, so that what is not bundled is found.
const folder = mkdtempSync(join('node_modules', '.server-fuzz-'));
const authorityFolder = mkdtempSync(join(tmpdir(), 'sealwright-server-fuzz-'));
let authority;
try {
  const outfile = join(folder, 'fuzz.mjs');
  await build({
    stdin: {
      contents: `export { fuzzServer } from './spec/conformance/server-fuzz/fuzz-server.ts';
        export { initAuthority } from './src/authority/folder/index.ts';`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile,
  });
  const { fuzzServer, initAuthority } = await import(pathToFileURL(outfile).href);
  authority = await initAuthority(join(authorityFolder, 'authority'));
  const marks = [];
  const started = performance.now();
  const report = await fuzzServer({
    authority,
    runs,
    seed,
    socketShare,
    lanes,
    async progress(done) {
      if (done % Math.max(1, Math.floor(runs / 10)) === 0) marks.push(await memory(done));
    },
  });
  const seconds = (performance.now() - started) / 1000;
  const after = await memory('the end');
  console.log(
    `${runs} requests (${report.overSocket} over a connection) in ${seconds.toFixed(0)} s, seed ${seed}`,
  );
  console.table(report.byStatus);
  for (const finding of report.findings.slice(0, 20)) console.error(`FINDING ${finding}`);
  const grown = after.heap - (marks[0]?.heap ?? after.heap);
  if (runs >= 100_000 && grown > 20) {
    console.error(`FINDING the heap grew by ${grown.toFixed(1)} MB`);
    process.exitCode = 1;
  }
  console.log(`500: ${report.byStatus[500] ?? 0}, findings: ${report.findings.length}`);
  if (report.findings.length > 0) process.exitCode = 1;
} finally {
  await authority?.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(authorityFolder, { recursive: true, force: true });
}
