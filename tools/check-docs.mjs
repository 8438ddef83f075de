// Keeps the prose honest: the README stays short, links lead somewhere, subpaths that are named exist, files stay
// small, and nothing shipped speaks of one person's machine.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const readmeLines = 200;
const sourceLines = 400;

/** Source files that may be longer, and why. */
const longFiles = {
  'spec/conformance/authority-store.ts': 'one contract, run as a whole by every store',
  'spec/conformance/licensing-service.ts': 'one contract, run as a whole by every licensing service',
};

const textTypes = ['.ts', '.mjs', '.js', '.md', '.json', '.sh', '.yml', ''];
const sourceTypes = ['.ts', '.mjs', '.js'];
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const subpaths = new Set(Object.keys(exports).map((subpath) => join('sealwright', subpath)));

const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
});
const files = listed
  .split('\0')
  .filter(
    (path) =>
      statSync(join(root, path), { throwIfNoEntry: false })?.isFile() && textTypes.includes(extname(path)),
  )
  .filter((path) => !path.startsWith('test-vectors/') && path !== 'package-lock.json' && path !== 'LICENSE');

const problems = [];
const lineAt = (text, index) => text.slice(0, index).split('\n').length;

/** Folders of somebody's machine, and notes to oneself. Written in pieces so that this file does not match itself. */
const forbidden = [
  {
    what: 'a folder of one machine',
    pattern: new RegExp(`(?<![\\w.:/-])/(?:${['work', 'home', 'root', 'Users'].join('|')})/\\w`, 'g'),
  },
  {
    what: 'a note to oneself',
    pattern: new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`, 'g'),
  },
];

/** Endpoints of our server, which look like entries of the package. */
const wirePaths = new Set(
  ['clientlicensors', 'contents', 'revocations', 'restorations'].map((name) => `sealwright/${name}`),
);

for (const path of files) {
  const text = readFileSync(join(root, path), 'utf8');
  const report = (index, message) => problems.push(`${path}:${lineAt(text, index)}: ${message}`);

  for (const { what, pattern } of forbidden) {
    for (const match of text.matchAll(pattern)) report(match.index, `${what}: ${match[0]}`);
  }
  for (const match of text.matchAll(/['"`](sealwright\/[a-z][\w/-]*)['"`]/g)) {
    if (!subpaths.has(match[1]) && !wirePaths.has(match[1]))
      report(match.index, `package.json exports no ${match[1]}`);
  }
  const lines = text.split('\n').length;
  if (sourceTypes.includes(extname(path)) && lines > sourceLines && !(path in longFiles)) {
    report(0, `${lines} lines; split it, or give the reason in tools/check-docs.mjs`);
  }
  if (extname(path) === '.md') {
    for (const match of text.matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)(?:#[^)\s]*)?\)/g)) {
      if (!existsSync(join(root, dirname(path), match[1]))) report(match.index, `leads nowhere: ${match[1]}`);
    }
  }
}

for (const path of ['README.md', 'CHANGELOG.md', 'LICENSE']) {
  if (!existsSync(join(root, path))) problems.push(`${path}: missing`);
}
if (existsSync(join(root, 'README.md'))) {
  const lines = readFileSync(join(root, 'README.md'), 'utf8').split('\n').length;
  if (lines > readmeLines) problems.push(`README.md: ${lines} lines, at most ${readmeLines}`);
}

for (const problem of problems) console.error(problem);
console.log(`docs: ${files.length} files, ${problems.length} problems`);
if (problems.length > 0) process.exit(1);
