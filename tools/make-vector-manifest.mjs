// Writes test-vectors/manifest.json, or says with --check whether it is up to date.
// Run: node tools/make-vector-manifest.mjs [--check]
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Folders and the file in each that says what must come out. */
const folders = {
  cipher: '*.json',
  pfile: 'manifest.json',
  office: 'manifest.json',
  'compound-file': 'manifest.json',
  labels: 'manifest.json',
  'property-sets': 'manifest.json',
  pdf: 'manifest.json',
  rpmsg: 'manifest.json',
  licenses: 'manifest.json',
  hostile: 'manifest.json',
};

/** The manifest over all folders: every file with its hash. */
function wholeManifest(root) {
  const listed = Object.entries(folders).map(([folder, outcomes]) => ({
    folder,
    outcomes: `${folder}/${outcomes}`,
    files: readdirSync(root + folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => `${parentPath}/${name}`)
      .sort()
      .map((path) => ({
        file: path.slice(root.length),
        sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
      })),
  }));
  return `${JSON.stringify({ note: 'Every vector file. What must come out is in "outcomes".', folders: listed }, null, 1)}\n`;
}

const root = fileURLToPath(new URL('../test-vectors/', import.meta.url));
if (!process.argv.includes('--check')) writeFileSync(`${root}manifest.json`, wholeManifest(root));
else if (readFileSync(`${root}manifest.json`, 'utf8') !== wholeManifest(root)) {
  console.error('test-vectors/manifest.json is out of date. Run: node tools/make-vector-manifest.mjs');
  process.exit(1);
}
