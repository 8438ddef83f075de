// A large PDF of scanned pages, from file to file: protected in its own format and opened again, beside `cp` and beside
// qpdf, which encrypts with a password. Takes three times the size on disk.
//   node bench/pdf/run.mjs [--size BYTES] [--picture BYTES] [--folder DIR] [--rounds N] [--modes LIST] [--json FILE]
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { forgetFiles, settleDisk, warmFile } from '../measuring/disk-cache.mjs';
import { libraryEntry } from '../measuring/library.mjs';
import { describeMachine, machineLines, versionOf } from '../measuring/machine.mjs';
import { runProcesses } from '../measuring/run-process.mjs';
import { workFolder } from '../measuring/work-folder.mjs';
import { beside, speeds } from '../one-file/report.mjs';
import { copies, sealwright } from '../one-file/subjects.mjs';
import { hashOfPictures, writeScannedPages } from './scanned-pages.mjs';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '500000000' },
    picture: { type: 'string', default: '1000000' },
    folder: { type: 'string', default: process.cwd() },
    rounds: { type: 'string', default: '3' },
    states: { type: 'string', default: 'warm' },
    modes: { type: 'string', default: 'MICROSOFT.CBC4K,MICROSOFT.ECB' },
    json: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const states = values.states.split(',');
const free = statfsSync(values.folder);
if (free.bavail * free.bsize < 3.2 * Number(values.size))
  throw new Error(`${values.folder} has no room for three such files`);

const { path: folder, at, remove } = workFolder(values.folder);
const [plain, encrypted, opened] = ['plain.pdf', 'encrypted.pdf', 'opened.pdf'].map(at);
const machine = describeMachine(folder);
const missing = [];
try {
  const { initAuthority } = await libraryEntry('authority/folder');
  await (await initAuthority(at('authority'))).close();
  const subjects = [
    ...copies({ flush: [false] }),
    ...sealwright({
      authorityFolder: at('authority'),
      modes: values.modes.split(','),
      threads: [1],
      flush: [false],
    }),
    ...qpdf(),
  ];
  const { bytes, pages } = writeScannedPages(plain, Number(values.size), Number(values.picture));
  const hash = await hashOfPictures(plain);
  const results = {};
  for (let round = 0; round < rounds; round++)
    for (const state of states)
      for (const subject of subjects) await measure(subject, state, round, { bytes, hash, results });
  print(subjects, results, bytes, pages);
  if (values.json)
    writeFileSync(
      values.json,
      `${JSON.stringify({ machine, bytes, pages, rounds, states, missing, results })}\n`,
    );
} finally {
  remove();
}

/** What everybody has for PDFs: AES-256 under a password, streams left as they are. */
function qpdf() {
  const version = versionOf('qpdf', ['--version']);
  if (!version) {
    missing.push('qpdf');
    return [];
  }
  const run =
    (...args) =>
    (from, to) => [{ program: 'qpdf', args: [...args, '--stream-data=preserve', from, to] }];
  return [
    {
      name: `${version.split('\n')[0]}, AES-256`,
      encrypt: run('--encrypt', 'user', 'owner', '256', '--'),
      decrypt: run('--password=user', '--decrypt'),
    },
  ];
}

/** One turn of one subject: there and back, or a copy. In the first round the pictures that came back are compared by hash. */
async function measure(subject, state, round, { bytes, hash, results }) {
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
    console.error(`round ${round + 1}: ${key}: ${(bytes / figures.seconds / 1e6).toFixed(0)} MB/s`);
  };
  if (subject.copy) await step('copy', plain, opened);
  else {
    await step('encrypt', plain, encrypted);
    await step('decrypt', encrypted, opened);
  }
  if (round === 0 && (await hashOfPictures(opened)) !== hash)
    throw new Error(`${subject.name} gave other pictures back`);
  rmSync(opened);
  rmSync(encrypted, { force: true });
}

function print(subjects, results, bytes, pages) {
  console.log(machineLines(machine).join('\n'));
  console.log(
    `A PDF of ${pages} scanned pages, ${(bytes / 1e6).toFixed(0)} MB; medians of ${rounds} rounds. The pictures of each round trip were compared by SHA-256.`,
  );
  if (missing.length > 0) console.log(`Not here, so not measured: ${missing.join('; ')}.`);
  for (const state of states) {
    console.log(`\n${speeds({ subjects, results, state, size: bytes })}`);
    const comparison = beside({ subjects, results, state });
    if (comparison) console.log(`\n${comparison}`);
  }
}
