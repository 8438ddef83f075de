// One file, from file to file: the library beside copying and beside other programs and packages, in one run.
//   node bench/one-file/run.mjs [--size BYTES] [--folder DIR] [--rounds N] [--states warm,cold] [--threads 1,2]
//     [--flush both|yes|no] [--only REGEX] [--no-peers] [--json FILE]
// Each measurement is a process of its own, turn by turn. Cold ones (disk only, as root) begin with an empty page cache.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fillFile, hashOfFile } from '../measuring/content.mjs';
import { folderForFiles, printTables, takeTurns } from '../measuring/file-to-file.mjs';
import { describeMachine, machineLines } from '../measuring/machine.mjs';
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
const files = await folderForFiles(values.folder, size, ['plain', 'encrypted', 'opened']);
const { path: folder, authorityFolder, plain, opened } = files;
const machine = describeMachine(folder);
const missing = [];
const subjects = [];
try {
  subjects.push(
    ...copies({ flush }),
    ...sealwright({
      authorityFolder,
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
  const results = await takeTurns({
    subjects: chosen,
    states,
    rounds,
    size,
    files,
    checkOpened(name) {
      if (hashOfFile(opened) !== hash) throw new Error(`${name} gave other bytes back`);
    },
  });

  print(chosen, results, compared);
  if (values.json)
    writeFileSync(values.json, `${JSON.stringify({ machine, size, rounds, states, missing, results })}\n`);
} finally {
  for (const subject of subjects) subject.close?.();
  files.remove();
}

function print(chosen, results, compared) {
  console.log(machineLines(machine).join('\n'));
  console.log(
    `One file of ${(size / 1e6).toFixed(0)} MB; medians of ${rounds} rounds; ratios are medians of ratios within a round.`,
  );
  console.log('Every round trip was verified by SHA-256.');
  if (compared > 0)
    console.log(`CBC4K of the library and of C++ gave the same bytes, for ${compared} lengths of content.`);
  printTables({ subjects: chosen, results, states, size, missing });
}
