// Protects and opens a sparse file beyond every 32-bit limit, compares by hash, reads around 4 GiB at random,
// and prints time and peak memory. Takes minutes and twice the size on disk:
//   node spec/conformance/large-file.mjs [--size GIB] [--folder DIR] [--mode CIPHER-MODE]
import { createHash } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { initAuthority } from 'sealwright/authority/folder';
import { openFile, openFileSource, protectFile } from 'sealwright/node';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '5' },
    folder: { type: 'string', default: tmpdir() },
    mode: { type: 'string' },
  },
});
const limit = 150e6;
const fourGiB = 2 ** 32;
const size = Number(values.size) * 2 ** 30 + 12_345;
const folder = mkdtempSync(join(values.folder, 'sealwright-large-'));
const at = (name) => join(folder, name);
const marks = [
  0,
  2 ** 31 - 50,
  2 ** 31,
  fourGiB - 70_000,
  fourGiB - 50,
  fourGiB,
  fourGiB + 65_000,
  size - 100,
];

let failed = false;
const check = (what, holds) => {
  if (!holds) failed = true;
  console.log(`  ${holds ? 'ok    ' : 'FAILED'} ${what}`);
};
const peak = () => process.resourceUsage().maxRSS * 1024;
async function step(what, work) {
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  const rate = (size / seconds / 1e6).toFixed(0);
  console.log(`${what}: ${seconds.toFixed(1)} s, ${rate} MB/s, peak so far ${(peak() / 1e6).toFixed(0)} MB`);
  return result;
}

try {
  const file = openSync(at('large.bin'), 'wx');
  ftruncateSync(file, size);
  for (const mark of marks) writeSync(file, `mark at ${mark}, `.repeat(4), mark);
  ftruncateSync(file, size);
  closeSync(file);

  const authority = await initAuthority(at('authority'));
  const service = authority.as('alice@contoso.com');
  const { path, cipherMode } = await step('protect', () =>
    protectFile(at('large.bin'), { service, policy: { grants: [] }, cipherMode: values.mode }),
  );
  const opened = await openFile(path, { service });
  await step('open', () => opened.saveTo(at('opened.bin')));
  const random = await readAround(opened);
  await opened.close();
  await authority.close();
  const peakBytes = peak();

  console.log(`${cipherMode}, ${size} bytes, protected ${statSync(path).size} bytes`);
  check('byte-equal by SHA-256', (await hash(at('large.bin'))) === (await hash(at('opened.bin'))));
  check(`random access at ${random.length} places around 2 GiB, 4 GiB and the end`, random.every(Boolean));
  check(`peak memory ${(peakBytes / 1e6).toFixed(0)} MB, at most ${limit / 1e6} MB`, peakBytes <= limit);
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = failed ? 1 : 0;

async function readAround(opened) {
  const plain = openSync(at('large.bin'), 'r');
  const results = [];
  for (const mark of marks)
    for (const [before, length] of [
      [0, 64],
      [33, 66],
      [70_000, 140_000],
    ]) {
      const offset = Math.max(0, mark - before);
      const expected = Buffer.alloc(length);
      const count = readSync(plain, expected, 0, length, offset);
      const read = await opened.read(offset, length);
      results.push(Buffer.compare(read, expected.subarray(0, count)) === 0);
    }
  closeSync(plain);
  return results;
}

async function hash(path) {
  const source = await openFileSource(path);
  const sha256 = createHash('sha256');
  const buffer = new Uint8Array(1024 * 1024);
  for (let at = 0; at < source.size; ) {
    const count = await source.readInto(at, buffer);
    sha256.update(buffer.subarray(0, count));
    at += count;
  }
  await source.close();
  return sha256.digest('hex');
}
