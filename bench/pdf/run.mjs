// A PDF, from file to file: protected in its own format and opened again, beside `cp` and beside qpdf, which encrypts with a
// password. Either a large one of scanned pages or, with --objects, one of many small objects. Takes three times the size on
// disk.
//   node bench/pdf/run.mjs [--size BYTES] [--picture BYTES] [--objects N] [--folder DIR] [--rounds N] [--modes LIST]
//     [--json FILE]
import { statSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { folderForFiles, printTables, takeTurns } from '../measuring/file-to-file.mjs';
import { describeMachine, machineLines, versionOf } from '../measuring/machine.mjs';
import { copies, sealwright } from '../one-file/subjects.mjs';
import { hashOfPictures, writeScannedPages } from './scanned-pages.mjs';
import { hashOfSmallObjects, writeSmallObjects } from './small-objects.mjs';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '500000000' },
    picture: { type: 'string', default: '1000000' },
    objects: { type: 'string' },
    folder: { type: 'string', default: process.cwd() },
    rounds: { type: 'string', default: '3' },
    states: { type: 'string', default: 'warm' },
    modes: { type: 'string', default: 'MICROSOFT.CBC4K,MICROSOFT.ECB' },
    json: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const states = values.states.split(',');
/** Bytes of a small object and its cross-reference, about. */
const objectLength = 160;
const expected = values.objects === undefined ? Number(values.size) : Number(values.objects) * objectLength;
const files = await folderForFiles(values.folder, expected, ['plain.pdf', 'encrypted.pdf', 'opened.pdf']);
const { plain, opened, authorityFolder } = files;
const machine = describeMachine(files.path);
const missing = [];
try {
  const subjects = [
    ...copies({ flush: [false] }),
    ...sealwright({
      authorityFolder,
      modes: values.modes.split(','),
      threads: [1],
      flush: [false],
    }),
    ...qpdf(),
  ];
  const { title, hashOf } = writePlain();
  const { size } = statSync(plain);
  const hash = await hashOf(plain);
  const results = await takeTurns({
    subjects,
    states,
    rounds,
    size,
    files,
    async checkOpened(name) {
      if ((await hashOf(opened)) !== hash) throw new Error(`${name} gave another document back`);
    },
  });
  console.log(machineLines(machine).join('\n'));
  console.log(
    `${title}, ${(size / 1e6).toFixed(0)} MB; medians of ${rounds} rounds. What each round trip gave back was compared by SHA-256.`,
  );
  printTables({ subjects, results, states, size, missing });
  if (values.json)
    writeFileSync(
      values.json,
      `${JSON.stringify({ machine, title, size, rounds, states, missing, results })}\n`,
    );
} finally {
  files.remove();
}

/** The document that is measured, and what must stay the same of it. */
function writePlain() {
  if (values.objects !== undefined) {
    const { objects } = writeSmallObjects(plain, Number(values.objects));
    return { title: `A PDF of ${objects} small objects`, hashOf: hashOfSmallObjects };
  }
  const { pages } = writeScannedPages(plain, Number(values.size), Number(values.picture));
  return { title: `A PDF of ${pages} scanned pages`, hashOf: hashOfPictures };
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
