// A tree of small documents of several kinds, each known by its hash, for trying bulk runs on.
import { createHash, randomFillSync } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const documents = fileURLToPath(new URL('../../../examples/documents/', import.meta.url));
const read = (name) => readFileSync(join(documents, name));

/** Kinds with their share of ten: Office files and PDFs keep their name when they are protected, the others get a new one. */
const kinds = [
  { extension: 'txt', share: 4, content: (noise) => Buffer.from(noise.toString('base64')) },
  { extension: 'dwg', share: 2, content: (noise) => noise },
  { extension: 'xlsx', share: 2, content: () => read('budget.xlsx') },
  { extension: 'png', share: 1, content: () => read('floor-plan.png') },
  { extension: 'pdf', share: 1, content: () => read('contract.pdf') },
];
const wheel = kinds.flatMap((kind) => Array.from({ length: kind.share }, () => kind));

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/**
 * Writes `count` files into folders of a hundred below `folder`.
 *
 * @returns a map from each path below the folder to the hash of its content
 */
export function makeTree(folder, count, largest = 32 * 1024) {
  const hashes = new Map();
  for (let number = 0; number < count; number++) {
    const kind = wheel[number % wheel.length];
    const below = join(`part-${Math.floor(number / 1000)}`, `folder-${Math.floor(number / 100)}`);
    if (number % 100 === 0) mkdirSync(join(folder, below), { recursive: true });
    const noise = randomFillSync(Buffer.alloc(1 + ((number * 7919) % largest)));
    const content = kind.content(noise);
    const path = join(below, `file ${number}.${kind.extension}`);
    writeFileSync(join(folder, path), content);
    hashes.set(path, sha256(content));
  }
  return hashes;
}

/** The names that the file at `path` may have: its own, and the one it has when it is protected. */
export function namesOf(path) {
  const renamed = path.replace(/\.(txt|png)$/, '.p$1').replace(/\.dwg$/, '.dwg.pfile');
  return renamed === path ? [path] : [path, renamed];
}

/** Every file below `folder`, by its path below it. */
export function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1));
}
