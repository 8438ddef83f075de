// Packs the package as it would be published and has publint and are-the-types-wrong look at the archive; then
// loads every entry of it in both module systems.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sealwright-package-'));
const run = (command, args, options = {}) =>
  execFileSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  });
const runTool = (name, ...args) => run(join(root, 'node_modules/.bin', name), args, { stdio: 'inherit' });

/** What a published package may hold; anything else is there by mistake. */
const expectedFile =
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/third-party-licenses\.txt|dist\/[\w/-]+\.(js|cjs|d\.ts|d\.cts))$/;

try {
  const [packed] = JSON.parse(
    run('npm', ['pack', '--json', '--silent', '--ignore-scripts', '--pack-destination', folder]),
  );
  const unexpected = packed.files.map(({ path }) => path).filter((path) => !expectedFile.test(path));
  if (unexpected.length > 0)
    throw new Error(`the package holds files it should not: ${unexpected.join(', ')}`);

  const { exports, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const leaves = (target) => (typeof target === 'string' ? [target] : Object.values(target).flatMap(leaves));
  const present = new Set(packed.files.map(({ path }) => `./${path}`));
  const absent = leaves([exports, Object.values(bin).map((path) => `./${path}`)]).filter(
    (path) => !present.has(path),
  );
  if (absent.length > 0) throw new Error(`package.json names files that are not built: ${absent.join(', ')}`);

  const archive = join(folder, packed.filename);
  runTool('publint', 'run', archive, '--strict');
  runTool('attw', archive, '--profile', 'node16', '--format', 'table-flipped', '--no-emoji');

  run('tar', ['-xzf', archive, '-C', folder]);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'package/node_modules'));
  symlinkSync(join(folder, 'package'), join(folder, 'node_modules/sealwright'));
  const subpaths = Object.entries(exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([subpath]) => join('sealwright', subpath));
  const load = JSON.stringify(subpaths);
  for (const code of [
    `await Promise.all(${load}.map((subpath) => import(subpath)));`,
    `const { createRequire } = await import('node:module'); ${load}.map(createRequire(process.cwd() + '/'));`,
  ]) {
    run(process.execPath, ['--input-type=module', '-e', code], { cwd: folder });
  }
  // An error thrown by one entry has to be an instance of the class that another entry exports.
  for (const kind of ['.js', '.cjs']) {
    const homes = packed.files
      .filter(({ path }) => path.startsWith('dist/') && path.endsWith(kind))
      .filter(({ path }) =>
        /\bclass SealwrightError\b|\bSealwrightError = class\b/.test(readFileSync(join(root, path), 'utf8')),
      );
    if (homes.length !== 1)
      throw new Error(`${homes.length} ${kind} files define SealwrightError, expected one`);
  }
  run(process.execPath, [join(folder, 'package', bin.sealwright), '--version']);
  const kilobytes = (bytes) => `${Math.round(bytes / 1024)} KiB`;
  console.log(
    `package: ${packed.files.length} files, ${kilobytes(packed.size)} packed, ${kilobytes(packed.unpackedSize)} unpacked`,
  );
} catch (error) {
  console.error(`package: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
