// One file, from file to file: the library beside copying and beside other programs and packages, in one run.
//   node bench/one-file/run.mjs [--size BYTES] [--folder DIR] [--rounds N] [--states warm,cold] [--threads 1,2]
//     [--flush both|yes|no] [--only REGEX] [--no-peers] [--json FILE]
// Each measurement is a process of its own, turn by turn. Cold ones (disk only, as root) begin with an empty page cache.
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fillFile, hashOfFile } from '../measuring/content.mjs';
import { forgetFiles, settleDisk, warmFile } from '../measuring/disk-cache.mjs';
import { libraryEntry } from '../measuring/library.mjs';
import { describeMachine, machineLines } from '../measuring/machine.mjs';
import { runProcesses } from '../measuring/run-process.mjs';
import { workFolder } from '../measuring/work-folder.mjs';
import { beside, speeds } from './report.mjs';
import { assertSameBytes } from './same-bytes.mjs';
import { builtCbc4k, copies, peers, sealwright } from './subjects.mjs';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: String(2 ** 31) },
    folder: { type: 'string', default: process.cwd() },
    rounds: { type: 'string', default: '3' },
    states: { type: 'string', default: 'warm' },
    threads: { type: 'string', default: '1,2' },
    modes: { type: 'string', default: 'MICROSOFT.CBC4K,MICROSOFT.ECB,SEALWRIGHT.GCM64K' },
    flush: { type: 'string', default: 'both' },
    only: { type: 'string' },
    'no-peers': { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const size = Number(values.size);
const rounds = Number(values.rounds);
const states = values.states.split(',');
const flush = { both: [false, true], yes: [true], no: [false] }[values.flush];
const free = statfsSync(values.folder);
if (free.bavail * free.bsize < 3.2 * size)
  throw new Error(`${values.folder} has no room for three such files`);

const { path: folder, at, remove } = workFolder(values.folder);
const [plain, encrypted, opened] = ['plain', 'encrypted', 'opened'].map(at);
const machine = describeMachine(folder);
const missing = [];
const subjects = [];
try {
  const { initAuthority } = await libraryEntry('authority/folder');
  await (await initAuthority(at('authority'))).close();
  subjects.push(
    ...copies({ flush }),
    ...sealwright({
      authorityFolder: at('authority'),
      modes: values.modes.split(','),
      threads: values.threads.split(',').map(Number),
      flush,
    }),
    ...(values['no-peers'] ? [] : peers(folder, missing)),
  );
  const chosen = subjects.filter(({ name, copy }) => copy || new RegExp(values.only ?? '').test(name));

  const program = builtCbc4k(folder, []);
  const compared = program ? await assertSameBytes(program, folder) : 0;
  fillFile(plain, size);
  const hash = hashOfFile(plain);
  const results = {};
  for (let round = 0; round < rounds; round++)
    for (const state of states)
      for (const subject of chosen) await measure(subject, state, round, hash, results);

  print(chosen, results, compared);
  if (values.json)
    writeFileSync(values.json, `${JSON.stringify({ machine, size, rounds, states, missing, results })}\n`);
} finally {
  for (const subject of subjects) subject.close?.();
  remove();
}

/** One turn of one subject: there and back, or a copy. In the first round what came back is compared by hash. */
async function measure(subject, state, round, hash, results) {
  const step = async (work, from, to) => {
    if (state === 'cold') forgetFiles();
    else {
      settleDisk();
      warmFile(from);
    }
    const figures = await runProcesses(subject[work](from, to));
    const key = `${state} ${work} ${subject.name}`;
    results[key] ??= [];
    results[key][round] = figures;
    console.error(`round ${round + 1}: ${key}: ${(size / figures.seconds / 1e6).toFixed(0)} MB/s`);
  };
  if (subject.copy) await step('copy', plain, opened);
  else {
    await step('encrypt', plain, encrypted);
    await step('decrypt', encrypted, opened);
  }
  if (round === 0 && hashOfFile(opened) !== hash) throw new Error(`${subject.name} gave other bytes back`);
  rmSync(opened);
  rmSync(encrypted, { force: true });
}

function print(chosen, results, compared) {
  console.log(machineLines(machine).join('\n'));
  console.log(
    `One file of ${(size / 1e6).toFixed(0)} MB; medians of ${rounds} rounds; ratios are medians of ratios within a round.`,
  );
  console.log('Every round trip was verified by SHA-256.');
  if (compared > 0)
    console.log(`CBC4K of the library and of C++ gave the same bytes, for ${compared} lengths of content.`);
  if (missing.length > 0) console.log(`Not here, so not measured: ${missing.join('; ')}.`);
  for (const state of states) {
    console.log(`\n${speeds({ subjects: chosen, results, state, size })}`);
    const comparison = beside({ subjects: chosen, results, state });
    if (comparison) console.log(`\n${comparison}`);
  }
}
