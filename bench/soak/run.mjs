// Whether memory stays flat: content at full rate, from a source that is slower than the cipher, and into a sink that
// is slower than the source; as streams, as files, and as many small files.
//   node bench/soak/run.mjs [--minutes N] [--bytes N] [--only REGEX] [--cipher-mode NAME] [--slow BYTES-A-SECOND]
//     [--file-size BYTES] [--threads N] [--folder DIR] [--json FILE]
// A scenario ends after `--minutes` or `--bytes`, whichever is first. Slopes are of the line by least squares after the
// first fifth, with its standard error; "an hour" is this slope carried on, unless --minutes is 60.
import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { libraryEntry } from '../measuring/library.mjs';
import { describeMachine, machineLines } from '../measuring/machine.mjs';
import { runProcess } from '../measuring/run-process.mjs';
import { lineThrough, megabytes, number, table } from '../measuring/table.mjs';
import { workFolder } from '../measuring/work-folder.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    bytes: { type: 'string', default: '400e9' },
    only: { type: 'string', default: '' },
    'cipher-mode': { type: 'string', default: 'SEALWRIGHT.GCM64K' },
    slow: { type: 'string', default: '20e6' },
    'file-size': { type: 'string', default: '256e6' },
    threads: { type: 'string', default: '0' },
    folder: { type: 'string', default: existsSync('/dev/shm') ? '/dev/shm' : tmpdir() },
    json: { type: 'string' },
  },
});
const scenarios = ['streams', 'slow source', 'slow sink', 'files', 'small files'].filter((name) =>
  new RegExp(values.only).test(name),
);

const { path: folder, at, remove } = workFolder(values.folder);
const machine = describeMachine(folder);
try {
  const { initAuthority } = await libraryEntry('authority/folder');
  await (await initAuthority(at('authority'))).close();
  const results = {};
  for (const scenario of scenarios) {
    results[scenario] = await run(scenario);
    const { taken, seconds } = results[scenario];
    console.error(`${scenario}: ${(taken / 1e9).toFixed(1)} GB in ${seconds.toFixed(0)} s`);
  }
  console.log(machineLines(machine).join('\n'));
  print(results);
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, settings: values, results })}\n`);
} finally {
  remove();
}

function run(scenario) {
  const details = {
    scenario,
    folder: at('work'),
    authorityFolder: at('authority'),
    cipherMode: values['cipher-mode'],
    minutes: Number(values.minutes),
    mostBytes: Number(values.bytes),
    slowBytes: Number(values.slow),
    fileBytes: Number(values['file-size']),
    threads: Number(values.threads),
  };
  return runProcess({
    program: process.execPath,
    args: [fileURLToPath(new URL('scenario.mjs', import.meta.url)), JSON.stringify(details)],
  });
}

function print(results) {
  console.log(`${values['cipher-mode']}; slow is ${Number(values.slow) / 1e6} MB/s.`);
  const rows = Object.entries(results).map(([scenario, result]) => {
    const settled = result.samples.slice(Math.floor(result.samples.length / 5));
    const anHour = (figure) => {
      const { slope, error } = lineThrough(
        settled.map((sample) => [sample.at / 3.6e6, sample[figure] / 1e6]),
      );
      return `${number(slope, 1)} +- ${number(error, 1)}`;
    };
    const moved = lineThrough(settled.map((sample) => [sample.taken / 1e11, sample.rss / 1e6])).slope;
    return [
      scenario,
      number(result.seconds),
      number(result.operations),
      number(result.taken / 1e9, 1),
      number(result.taken / result.seconds / 1e6),
      megabytes(settled[0]?.rss),
      megabytes(settled.at(-1)?.rss),
      megabytes(result.peakBytes),
      anHour('rss'),
      anHour('heapUsed'),
      number(moved, 1),
      result.mostAhead > 0 ? number(result.mostAhead / 1e6, 1) : '',
    ];
  });
  console.log(
    `\n${table(
      [
        'scenario',
        'seconds',
        'operations',
        'GB',
        'MB/s',
        'rss then',
        'rss end',
        'peak MB',
        'rss MB/hour',
        'heap MB/hour',
        'rss MB/100 GB',
        'MB ahead',
      ],
      rows,
    )}`,
  );
  console.log(
    '\nGB counts plaintext that came out of streams, and what went through either direction of files. "MB ahead": how far a source was ever read ahead of what came out.',
  );
}
