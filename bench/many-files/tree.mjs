// A tree of many small files, and its hash.
import { createHash, randomFillSync } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const smallest = 16 * 1024;
export const largest = 64 * 1024;
const filesInFolder = 100;
const foldersInFolder = 20;
const extensions = ['txt', 'csv', 'dwg', 'xml', 'png'];

/** Where file `number` lies below the root: folders in folders in folders. */
export function pathOf(number) {
  const folder = Math.floor(number / filesInFolder);
  const above = Math.floor(folder / foldersInFolder);
  const name = `file ${number}.${extensions[number % extensions.length]}`;
  return join(`department ${above}`, `project ${folder % foldersInFolder}`, name);
}

/** Writes `count` files of 16 to 64 KiB, no two alike. Gives the sum of their sizes. */
export function makeTree(root, count) {
  const pool = randomFillSync(Buffer.allocUnsafe(4 * 1024 * 1024));
  let total = 0;
  let made = '';
  for (let number = 0; number < count; number++) {
    const path = join(root, pathOf(number));
    const folder = join(path, '..');
    if (folder !== made) mkdirSync(folder, { recursive: true });
    made = folder;
    // Spread evenly, the same in every run.
    const size = smallest + ((number * 7919) % (largest - smallest + 1));
    const offset = (number * 104729) % (pool.length - size);
    const content = pool.subarray(offset, offset + size);
    content.writeUInt32LE(number, 0);
    content.writeUInt32LE(number, size - 4);
    writeFileSync(path, content);
    total += size;
  }
  return total;
}

/** SHA-256 over the names and contents of all files below `root`, and how many there are. */
export function hashOfTree(root) {
  const hash = createHash('sha256');
  let files = 0;
  const visit = (folder, below) => {
    const entries = readdirSync(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      const name = `${below}/${entry.name}`;
      if (entry.isDirectory()) visit(path, name);
      else {
        files++;
        hash.update(`${name}\0`).update(createHash('sha256').update(readFileSync(path)).digest());
      }
    }
  };
  visit(root, '');
  return { hash: hash.digest('hex'), files };
}

/** How many files below `root` begin as protected ones do. */
export function countProtected(root) {
  let count = 0;
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (readFileSync(path).subarray(0, 6).toString('latin1') === '.pfile') count++;
    }
  };
  visit(root);
  return count;
}
