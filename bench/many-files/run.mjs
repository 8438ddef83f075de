// Many small files in nested folders, protected and opened in place, beside copying the tree and beside the floor of
// RSA and file-system calls that is measured in the same run.
//   node bench/many-files/run.mjs [--files N] [--folder DIR] [--threads default,0,1,2] [--concurrency N]
//     [--durable both|yes|no] [--licenses per-file|per-policy] [--cipher-mode NAME] [--rounds N]
//     [--loop] [--json FILE]
// With --loop the files are done by protectFile and removeProtectionFromFile, eight at once, in this thread.
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { settleDisk } from '../measuring/disk-cache.mjs';
import { libraryEntry } from '../measuring/library.mjs';
import { describeMachine, machineLines } from '../measuring/machine.mjs';
import { runProcess, runProcesses } from '../measuring/run-process.mjs';
import { median } from '../measuring/table.mjs';
import { workFolder } from '../measuring/work-folder.mjs';
import { printRuns } from './report.mjs';
import { countProtected, hashOfTree, largest, makeTree, smallest } from './tree.mjs';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '200000' },
    folder: { type: 'string', default: process.cwd() },
    threads: { type: 'string', default: 'default' },
    concurrency: { type: 'string' },
    durable: { type: 'string', default: 'both' },
    licenses: { type: 'string', default: 'per-file' },
    'cipher-mode': { type: 'string' },
    loop: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});
const files = Number(values.files);
const rounds = Number(values.rounds);
const step = Math.max(50, Math.min(1000, Math.floor(files / 20)));
const durables = { both: [true, false], yes: [true], no: [false] }[values.durable];
const space = statfsSync(values.folder);
const meanSize = (smallest + largest) / 2;
if (space.bavail * space.bsize < 2.2 * files * meanSize)
  throw new Error(`${values.folder} has no room for the tree and its copy`);

const { path: folder, at, remove } = workFolder(values.folder);
const program = (name, ...args) => ({
  program: process.execPath,
  args: [fileURLToPath(new URL(name, import.meta.url)), ...args],
});
const machine = describeMachine(folder);
try {
  const { initAuthority } = await libraryEntry('authority/folder');
  await (await initAuthority(at('authority'))).close();
  const began = Date.now();
  const bytes = makeTree(at('tree'), files);
  console.error(`made the tree in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  const before = hashOfTree(at('tree'));

  const copies = { plain: [], flushed: [] };
  const floors = [];
  const runs = [];
  for (let round = 0; round < rounds; round++) {
    for (const kind of ['plain', 'flushed']) copies[kind].push(await copy(kind === 'flushed'));
    floors.push((await runProcess(program('floor.mjs', folder, String(meanSize)))).floor);
    for (const durable of durables)
      for (const threads of values.threads.split(','))
        for (const work of ['protect', 'open']) runs.push(await run(work, threads, durable, round));
  }
  const after = hashOfTree(at('tree'));
  if (after.hash !== before.hash) throw new Error(`The tree is not what it was: ${after.files} files`);

  const middle = (clock) =>
    Object.fromEntries(
      Object.keys(floors[0][clock]).map((part) => [part, median(floors.map((floor) => floor[clock][part]))]),
    );
  const outcome = {
    machine,
    files,
    bytes,
    step,
    rounds,
    cores: availableParallelism(),
    settings: settings(),
    copies,
    floor: { microseconds: middle('microseconds'), processor: middle('processor') },
    runs,
  };
  console.log(machineLines(machine).join('\n'));
  printRuns(outcome);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(outcome)}\n`);
} finally {
  remove();
}

/** Copying the tree; with `flush`, until it is on the disk. */
async function copy(flush) {
  settleDisk();
  const figures = await runProcesses([
    { program: 'cp', args: ['-r', at('tree'), at('copy')] },
    ...(flush ? [{ program: 'sync', args: ['-f', at('copy')] }] : []),
  ]);
  console.error(`cp -r${flush ? ', flushed' : ''}: ${(files / figures.seconds).toFixed(0)} files/s`);
  rmSync(at('copy'), { recursive: true });
  return figures;
}

function settings() {
  return {
    ...(values.concurrency === undefined ? {} : { concurrency: Number(values.concurrency) }),
    ...(values['cipher-mode'] === undefined ? {} : { cipherMode: values['cipher-mode'] }),
    licenses: values.licenses,
  };
}

async function run(work, threads, durable, round) {
  settleDisk();
  const { licenses, cipherMode, ...common } = settings();
  const given = {
    ...common,
    ...(work === 'protect' ? { licenses, cipherMode } : {}),
    ...(threads === 'default' ? {} : { threads: Number(threads) }),
    durable,
  };
  const figures = await runProcess(
    program(
      'sealwright-case.mjs',
      JSON.stringify({
        loop: values.loop,
        work,
        authorityFolder: at('authority'),
        tree: at('tree'),
        step,
        settings: given,
      }),
    ),
  );
  console.error(
    `round ${round + 1}: ${work}, threads ${threads}, durable ${durable}: ${(files / figures.seconds).toFixed(0)} files/s`,
  );
  if (figures.done !== files)
    throw new Error(
      `${work}: ${figures.done} of ${files} files done; first: ${JSON.stringify(figures.failures)}`,
    );
  const protectedNow = countProtected(at('tree'));
  if (protectedNow !== (work === 'protect' ? files : 0))
    throw new Error(`After ${work} ${protectedNow} of ${files} files are protected`);
  return { work, durable, round, ...figures };
}
