// The main job in one go, with the real command line: protect four documents, open one as somebody who may,
// be refused as somebody who may not, revoke, and read the log. Run it with: npm run quickstart
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const program = join(root, 'dist/cli/main.js');
const folder = join(root, 'quickstart-output');
const documents = ['meeting-notes.txt', 'floor-plan.png', 'budget.xlsx', 'contract.pdf'];

const styled = process.stdout.isTTY && !process.env.NO_COLOR;
const style = (code) => (text) => (styled ? `\u001b[${code}m${text}\u001b[0m` : text);
const [bold, dim] = [style(1), style(2)];
const started = Date.now();

rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, 'documents'), { recursive: true });
for (const name of documents) {
  cpSync(join(root, 'examples/documents', name), join(folder, 'documents', name));
}

/** Whether a command stands right above, and the next one is to be set apart from it. */
let afterCommand = false;

/** Tells the reader what happens next. */
function tell(title, ...lines) {
  console.log(`\n${bold(title)}`);
  for (const line of lines) console.log(line);
  console.log();
  afterCommand = false;
}

/** Types one command line, shows what it prints, and stops the story if its exit code is not the expected one. */
function type(args, expectedExitCode = 0) {
  if (afterCommand) console.log();
  afterCommand = true;
  console.log(bold(commandLine(args)));
  const run = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, SEALWRIGHT_AUTHORITY: 'authority' },
  });
  const output = (run.stdout + run.stderr).trimEnd();
  for (const line of output.split('\n')) console.log(line === '' ? '' : `  ${line}`);
  if (expectedExitCode !== 0) console.log(dim(`  (exit code ${run.status})`));
  if (run.status !== expectedExitCode) {
    console.error(`The quickstart expected exit code ${expectedExitCode} and got ${run.status}.`);
    process.exit(1);
  }
}

/** A command line as one would type it, continued on a second line where it is long. */
function commandLine(args) {
  const words = args.map((arg) => (/[\s{}]/.test(arg) ? `"${arg}"` : arg));
  const lines = ['  $ sealwright'];
  for (const [index, word] of words.entries()) {
    const option = word.startsWith('--') ? `${word} ${words[index + 1] ?? ''}` : word;
    if (`${lines.at(-1)} ${option}`.length > 96) lines.push(`     ${word}`);
    else lines[lines.length - 1] += ` ${word}`;
  }
  return lines.join(' \\\n');
}

console.log(`${bold('Sealwright in one minute.')} Every line after $ is a real command.`);
console.log(
  dim(
    `SEALWRIGHT_AUTHORITY=authority is set, so --authority can be left out. Folder: ${relative(process.cwd(), folder)}/`,
  ),
);

tell(
  '1. An authority',
  'Somebody has to say who may open what. That is the authority: a folder, no server, no network.',
);
type(['init', '--authority', 'authority', '--name', 'Contoso']);

tell(
  '2. A template',
  'A template is a policy with a name. Here: everyone at Contoso may read, edit and save.',
);
type(['templates', 'add', '--name', 'Staff only', '--grant', 'contoso.com=Reviewer']);

tell(
  '3. Alice protects four documents',
  'The notes are for Bob, who may read and print them. The other three go under the template.',
);
type([
  'protect',
  'documents/meeting-notes.txt',
  '--as',
  'alice@contoso.com',
  '--grant',
  'bob@contoso.com=VIEW,PRINT',
  '--out',
  'protected',
]);
type([
  'protect',
  ...documents.slice(1).map((name) => `documents/${name}`),
  '--as',
  'alice@contoso.com',
  '--template',
  'Staff only',
  '--out',
  'protected',
]);

tell(
  '4. What anyone can see',
  'Without any key: who protected it, when, and that nobody changed the license. Not the content.',
);
type(['inspect', 'protected/meeting-notes.ptxt']);

tell('5. Bob opens the notes', 'The authority says yes, and says what Bob may do.');
type(['open', 'protected/meeting-notes.ptxt', '--as', 'bob@contoso.com', '--out', 'opened-by-bob']);
const same = readFileSync(join(folder, 'opened-by-bob/meeting-notes.txt')).equals(
  readFileSync(join(folder, 'documents/meeting-notes.txt')),
);
if (!same) throw new Error('The opened notes differ from the original.');
console.log(dim('  The opened file is the original, byte for byte.'));

tell(
  '6. A right that Bob does not have',
  'Before it copies text out, an application asks for EXTRACT. Bob was not given it.',
);
type(
  [
    'open',
    'protected/meeting-notes.ptxt',
    '--as',
    'bob@contoso.com',
    '--require',
    'EXTRACT',
    '--out',
    'copied-by-bob',
  ],
  3,
);

tell('7. A person without any rights', 'Mallory got hold of the file. It is of no use to her.');
type(
  ['open', 'protected/meeting-notes.ptxt', '--as', 'mallory@example.net', '--out', 'opened-by-mallory'],
  3,
);

tell(
  '8. Alice changes her mind',
  'Revoking works on every copy, wherever it is. The content id is on the file.',
);
const { contentId } = JSON.parse(quietly(['inspect', '--json', 'protected/meeting-notes.ptxt']));
type(['revoke', contentId, '--as', 'alice@contoso.com']);
type(['open', 'protected/meeting-notes.ptxt', '--as', 'bob@contoso.com', '--out', 'opened-again'], 3);

tell('9. Who did what', 'The usage log has a row for each request, refusals included.');
type(['log', '--format', 'table']);

tell(
  'That was it',
  `Everything is in ${bold(`${relative(process.cwd(), folder) || '.'}/`)}, to look at and try on. Took ${((Date.now() - started) / 1000).toFixed(1)} s.`,
);
console.log('Next: "node dist/cli/main.js --help", and the ten lines of code in README.md.');

/** Asks the program something that is not part of the story. */
function quietly(args) {
  const run = spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' });
  return run.stdout;
}
