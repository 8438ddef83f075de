// Runs the code of the README against the built package, in a folder of its own that holds the example documents.
// A block is run if a comment stands on the line before it: `<!-- run -->`, or `<!-- run: plan.mjs -->` to keep it
// under a name that later blocks may use. Blocks in js, ts and sh run in the order of the README. A block with
// `<!-- run in background -->` is what stands in another terminal: it goes on running once it has said something.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const fence = /<!-- run(?:: ([\w.-]+)|( in background))? -->\n+```(js|ts|sh)\n([\s\S]*?)\n```/g;

const blocks = [...readme.matchAll(fence)].map(({ index, 1: name, 2: background, 3: language, 4: code }) => ({
  line: readme.slice(0, index).split('\n').length + 1,
  name: name ?? `block-${index}.${language === 'sh' ? 'sh' : 'mjs'}`,
  background: background !== undefined,
  language,
  code,
}));
if (blocks.length === 0) {
  console.error('readme: no block is marked with <!-- run -->, so none would be checked');
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'sealwright-readme-'));
cpSync(join(root, 'examples/documents'), folder, { recursive: true });
mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
symlinkSync(root, join(folder, 'node_modules/sealwright'), 'dir');
symlinkSync(join(root, 'dist/cli/main.js'), join(folder, 'node_modules/.bin/sealwright'));
const env = {
  ...process.env,
  SEALWRIGHT_HOME: join(folder, 'home'),
  PATH: join(folder, 'node_modules/.bin') + delimiter + process.env.PATH,
};

let failures = 0;
const running = [];
for (const { line, name, background, language, code } of blocks) {
  const text = language === 'ts' ? transformSync(code, { loader: 'ts', format: 'esm' }).code : code;
  const path = join(folder, name);
  writeFileSync(path, text);
  const [command, args] =
    language === 'sh' ? ['bash', ['-euo', 'pipefail', path]] : [process.execPath, [path]];
  if (background) {
    const child = spawn(command, args, {
      cwd: folder,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    running.push(child);
    await Promise.race([
      new Promise((resolve) => child.stderr.once('data', resolve)),
      new Promise((resolve) => setTimeout(resolve, 30_000)),
    ]);
    console.log(`README.md:${line} ${name} runs`);
    continue;
  }
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
  console.log(`README.md:${line} ${name} ${status === 0 ? 'ran' : 'FAILED'}`);
  if (status !== 0) {
    failures += 1;
    console.error(stdout + stderr);
  }
}
for (const child of running) process.kill(-child.pid);
rmSync(folder, { recursive: true, force: true });
console.log(`readme: ${blocks.length} blocks, ${failures} failed`);
if (failures > 0) process.exit(1);
