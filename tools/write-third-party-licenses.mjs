// Writes dist/third-party-licenses.txt: the license of every package that is bundled into the build, as those licenses
// ask for. esbuild's metafiles say which packages those are.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const metafiles = readdirSync(dist).filter((name) => /^metafile-.*\.json$/.test(name));
if (metafiles.length === 0) throw new Error('dist/ holds no metafile of a build');

const packages = new Set();
for (const name of metafiles) {
  const { outputs } = JSON.parse(readFileSync(join(dist, name), 'utf8'));
  for (const { inputs } of Object.values(outputs))
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path);
      if (bytesInOutput > 0 && found) packages.add(found[1]);
    }
  rmSync(join(dist, name));
}

const texts = [...packages].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const file = readdirSync(join(root, folder)).find((each) => /^(licen[cs]e|copying)(\.|$)/i.test(each));
  const text = file === undefined ? `License: ${license}` : readFileSync(join(root, folder, file), 'utf8');
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
});
const rule = `\n${'-'.repeat(80)}\n\n`;
const head = 'Sealwright carries code of the following packages.\n';
if (existsSync(dist)) writeFileSync(join(dist, 'third-party-licenses.txt'), [head, ...texts].join(rule));
console.log(`licenses: ${texts.length} bundled packages`);
