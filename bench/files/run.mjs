// File to file: protecting and opening beside `cp` of the same file to a new one, in one run.
//   node bench/files/run.mjs [--size MB] [--rounds N] [--folder DIR]
// Each case runs in a process of its own, turn by turn, in memory-backed storage where there is some.
import { execFileSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { initAuthority } from 'sealwright/authority/folder';
import { protectFile } from 'sealwright/node';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '512' },
    rounds: { type: 'string', default: '5' },
    folder: { type: 'string', default: existsSync('/dev/shm') ? '/dev/shm' : tmpdir() },
  },
});
const size = Number(values.size) * 1e6;
const rounds = Number(values.rounds);
const folder = mkdtempSync(join(values.folder, 'sealwright-bench-'));
const at = (name) => join(folder, name);
const modes = ['SEALWRIGHT.GCM64K', 'MICROSOFT.CBC4K', 'MICROSOFT.CBC512.NOPADDING', 'MICROSOFT.ECB'];

try {
  fill(at('plain'), size);
  const authority = await initAuthority(at('authority'));
  const service = authority.as('alice@contoso.com');
  for (const cipherMode of modes)
    await protectFile(at('plain'), { service, policy: { grants: [] }, cipherMode, to: at(cipherMode) });
  await authority.close();

  const cases = {
    cp: () => timed(() => execFileSync('cp', [at('plain'), at('copy')])),
    ...Object.fromEntries(
      modes.flatMap((mode) => [
        [`protect ${mode}`, () => run('protect', at('plain'), mode)],
        [`open ${mode}`, () => run('open', at(mode), mode)],
      ]),
    ),
  };
  const results = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, once] of Object.entries(cases)) {
      results[name].push(once());
      rmSync(at('copy'));
    }
  print(results);
} finally {
  rmSync(folder, { recursive: true });
}

/** Content that does not compress and is not sparse. */
function fill(path, bytes) {
  const chunk = randomFillSync(new Uint8Array(1e6));
  const file = openSync(path, 'wx');
  for (let written = 0; written < bytes; written += chunk.length)
    writeSync(file, chunk.subarray(0, Math.min(chunk.length, bytes - written)));
  closeSync(file);
}

function timed(work) {
  const start = process.hrtime.bigint();
  work();
  return { seconds: Number(process.hrtime.bigint() - start) / 1e9, peakBytes: undefined };
}

function run(work, from, mode) {
  const program = fileURLToPath(new URL('case.mjs', import.meta.url));
  const output = execFileSync(process.execPath, [program, work, at('authority'), from, at('copy'), mode]);
  return JSON.parse(output.toString());
}

function print(results) {
  const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
  const seconds = (name) => median(results[name].map((result) => result.seconds));
  console.log(
    `${size / 1e6} MB, median of ${rounds} rounds, ${cpus().length} x ${cpus()[0]?.model}, Node ${process.versions.node}, in ${values.folder}`,
  );
  for (const name of Object.keys(results)) {
    const rate = (size / seconds(name) / 1e6).toFixed(0).padStart(6);
    const ratio = (seconds('cp') / seconds(name)).toFixed(2).padStart(5);
    const peak = Math.max(...results[name].map(({ peakBytes }) => peakBytes ?? 0)) / 1e6;
    console.log(
      `  ${name.padEnd(36)}${rate} MB/s ${ratio} x cp${peak > 0 ? `  peak ${peak.toFixed(0).padStart(4)} MB` : ''}`,
    );
  }
}
