// A folder in which everything is wrong that can be, protected in place by the command line as an ordinary user: each
// trouble must be reported for its file, the rest goes on, and the exit code is 1. Run as root, it makes all of it; else some
// cases are left out, and said to be.
//
//   node spec/conformance/bulk/failures.mjs [--keep]
//
// Needs a build in dist/.
import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from './tree.mjs';

const root = process.getuid() === 0;
const nobody = 65534;
const keep = process.argv.includes('--keep');
const command = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'sealwright-failures-'));
const tree = join(work, 'share');
mkdirSync(tree);
const undo = [];
const leftOut = [];

/** `expected`: an error code, a reason for skipping, or `done`. */
const cases = [];
const at = (name) => join(tree, name);
function expectOf(expected, name, make = () => writeFileSync(at(name), `content of a file`)) {
  make();
  cases.push({ name, expected });
}
function expectAsRoot(what, expected, name, make) {
  if (root) return expectOf(expected, name, make);
  leftOut.push(`${what}: needs root`);
}

// The first in the order of names, and large: while it is worked on, others change.
expectOf('done', '0 large.bin', () => {
  writeFileSync(at('0 large.bin'), '');
  truncateSync(at('0 large.bin'), 3 * 1024 ** 3);
});
expectOf('IO_FAILED', '1 changes while it is read.bin', () =>
  writeFileSync(at('1 changes while it is read.bin'), Buffer.alloc(64 * 1024 * 1024)),
);
expectOf('FILE_NOT_FOUND', 'zz deleted after listing.txt');
const strange = [
  'line\nbreak.txt',
  'tab\tand\u001b[31mcolour.txt',
  `quotes '"\`.txt`,
  'back\\slash.txt',
  ' blank.txt',
  '-r.txt',
  '--out.txt',
  '*?[a].txt',
  '$(id).txt',
  '=1+1.txt',
  '<b>&amp;.txt',
  'right\u202Eto left.txt',
  'e\u0301 é 日本語 😀.txt',
  '.hidden',
  'no extension',
  `${'a'.repeat(200)}.txt`,
];
for (const name of strange) expectOf('done', name);
expectOf('INVALID_ARGUMENT', `${'n'.repeat(251)}.dwg`);
expectOf('symbolic-link', 'loop one', () => symlinkSync('loop two', at('loop one')));
expectOf('symbolic-link', 'loop two', () => symlinkSync('loop one', at('loop two')));
expectOf('symbolic-link', 'link to the parent', () => symlinkSync('..', at('link to the parent')));
expectOf('special-file', 'pipe.txt', () => execFileSync('mkfifo', [at('pipe.txt')]));
expectOf('special-file', 'socket.txt', () => {
  const server = createServer().listen(at('socket.txt'));
  undo.push(() => server.close());
});
expectOf('PERMISSION_DENIED', 'read-only folder/inside.txt', () => {
  mkdirSync(at('read-only folder'));
  writeFileSync(at('read-only folder/inside.txt'), 'x');
});
expectOf('PERMISSION_DENIED', 'folder that cannot be listed', () =>
  mkdirSync(at('folder that cannot be listed')),
);
expectOf('PERMISSION_DENIED', 'write-protected.txt');
const invalid = Buffer.concat([
  Buffer.from(`${tree}/bytes `),
  Buffer.from([0xff, 0xfe]),
  Buffer.from('.txt'),
]);
writeFileSync(invalid, 'x');
cases.push({ name: 'bytes \uFFFD\uFFFD.txt', expected: 'INVALID_ARGUMENT', or: ['done', 'FILE_NOT_FOUND'] });

const everything = () => execFileSync('chown', ['-hR', `${nobody}:${nobody}`, work]);
if (root) everything();
expectAsRoot("somebody else's file", 'PERMISSION_DENIED', 'of root.txt', () => {
  writeFileSync(at('of root.txt'), 'x');
  chmodSync(at('of root.txt'), 0o600);
});
expectAsRoot('an immutable file', 'PERMISSION_DENIED', 'immutable.txt', () => {
  writeFileSync(at('immutable.txt'), 'x');
  chownSync(at('immutable.txt'), nobody, nobody);
  execFileSync('chattr', ['+i', at('immutable.txt')]);
  undo.push(() => execFileSync('chattr', ['-i', at('immutable.txt')]));
});
expectAsRoot('a full disk', 'NO_SPACE', 'full disk/large.bin', () => {
  mkdirSync(at('full disk'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=777', 'tmpfs', at('full disk')]);
  undo.push(() => execFileSync('umount', [at('full disk')]));
  writeFileSync(at('full disk/large.bin'), Buffer.alloc(600 * 1024));
  chownSync(at('full disk/large.bin'), nobody, nobody);
});
expectAsRoot('the same disk', 'done', 'full disk/small.txt', () => {
  writeFileSync(at('full disk/small.txt'), 'x');
  chownSync(at('full disk/small.txt'), nobody, nobody);
});
chmodSync(at('read-only folder'), 0o555);
chmodSync(at('folder that cannot be listed'), 0o000);
chmodSync(at('write-protected.txt'), 0o444);

const user = {
  ...(root ? { uid: nobody, gid: nobody } : {}),
  cwd: work,
  env: { PATH: process.env.PATH, HOME: work },
};
execFileSync(process.execPath, [command, 'init', '--authority', 'authority'], user);
const args = [
  command,
  'protect',
  '-r',
  'share',
  '--in-place',
  '--authority',
  'authority',
  '--as',
  'alice@contoso.com',
  '--grant',
  'bob@contoso.com=VIEW',
];
const child = spawn(
  process.execPath,
  [
    ...args,
    '--jobs',
    '2',
    '--threads',
    '1',
    '--journal',
    'run.journal',
    '--report',
    'report.json',
    '--report',
    'report.html',
    '--report',
    'report.csv',
  ],
  user,
);
let printed = '';
child.stderr.on('data', (part) => (printed += part));
child.stdout.on('data', () => undefined);

/** The journal names the large file once it was handed out, half a second after which the short listing is over. */
let handedOut;
function workHasBegun() {
  const journal = join(work, 'run.journal');
  if (handedOut === undefined && existsSync(journal) && readFileSync(journal, 'utf8').includes('0 large.bin'))
    handedOut = performance.now();
  return performance.now() - handedOut > 500;
}

// Once work has begun and the folder is listed, one file goes, and another one never holds still.
const meddling = setInterval(() => {
  appendFileSync(at('1 changes while it is read.bin'), 'x');
  if (workHasBegun() && existsSync(at('zz deleted after listing.txt')))
    unlinkSync(at('zz deleted after listing.txt'));
}, 1);
const exitCode = await new Promise((resolve) => child.once('exit', resolve));
clearInterval(meddling);

const { run: report, files: reported } = JSON.parse(readFileSync(join(work, 'report.json'), 'utf8'));
const outcomes = new Map(reported.map((outcome) => [outcome.path.replace(/^share\//, ''), outcome]));
let wrong = 0;
for (const { name, expected, or = [] } of cases) {
  const outcome = outcomes.get(name);
  const found =
    outcome === undefined
      ? 'not reported'
      : outcome.status === 'done'
        ? 'done'
        : (outcome.error?.code ?? outcome.reason);
  const actual = outcome?.status === 'skipped' ? outcome.reason : found;
  const right = actual === expected || or.includes(actual);
  if (!right) wrong++;
  console.log(
    `${right ? 'as expected' : `NOT ${expected}`.padEnd(11)}  ${String(actual).padEnd(18)} ${JSON.stringify(name.length > 60 ? `${name.slice(0, 57)}...` : name)}`,
  );
  if (outcome?.status === 'failed')
    console.log(`             ${JSON.stringify(outcome.error.message.replaceAll('n'.repeat(100), 'nn'))}`);
}
for (const what of leftOut) console.log(`left out: ${what}`);
const leftovers = readdirSync(tree, { recursive: true }).filter((name) =>
  String(name).endsWith('.sealwright-tmp'),
);
console.log(`\n${printed}`);
console.log(
  `exit code ${exitCode}; report: found ${report.found}, done ${report.done}, skipped ${report.skipped}, failed ${report.failed}; temporary files left: ${leftovers.length}`,
);
if (exitCode !== 1) wrong++;
if (leftovers.length > 0) wrong++;
// What failed is as it was.
if (root && sha256(readFileSync(at('full disk/large.bin'))) !== sha256(Buffer.alloc(600 * 1024))) wrong++;
for (const step of undo.reverse()) step();
if (root || !keep) chmodSync(at('folder that cannot be listed'), 0o700);
chmodSync(at('read-only folder'), 0o700);
if (keep) console.log(`Everything is kept in ${work}.`);
else rmSync(work, { recursive: true, force: true });
console.log(
  wrong === 0 ? 'Every case came out as it should.' : `${wrong} cases did not come out as they should.`,
);
process.exitCode = wrong === 0 ? 0 : 1;
