import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it that are missing. If it is to be durable, their names are on the disk before
 * anybody else can put a file there and call it safe; that blocks, once for each new folder.
 */
export function makeFolder(folder: string, durable: boolean): void {
  const whole = resolve(folder);
  const first = mkdirSync(whole, { recursive: true });
  if (first === undefined || !durable) return;
  const highest = dirname(first);
  for (let made = dirname(whole); ; made = dirname(made)) {
    flushNames(made);
    if (made.length <= highest.length) return;
  }
}

function flushNames(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Windows and some network disks cannot; see `syncFolder`.
  }
}
