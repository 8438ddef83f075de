// Puts the disk and its cache in the same state before every measurement.
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';

/** Writes out what other cases left, so that nobody pays for it. */
export const settleDisk = () => execFileSync('sync');

/** Empties the page cache, so that every read goes to the disk. Needs root. */
export function forgetFiles() {
  settleDisk();
  try {
    writeFileSync('/proc/sys/vm/drop_caches', '3');
  } catch (error) {
    throw new Error('Only root can empty the page cache: run as root, or leave the cold cases out.', {
      cause: error,
    });
  }
}

/** Reads a file once, so that it lies in the page cache. */
export function warmFile(path) {
  const chunk = new Uint8Array(4 * 1024 * 1024);
  const file = openSync(path, 'r');
  while (readSync(file, chunk) > 0);
  closeSync(file);
}
