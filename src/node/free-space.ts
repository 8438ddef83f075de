import { statfsSync } from 'node:fs';
import { noSpace } from './file-error.ts';

/** Bytes that may still be written in `folder`, or `undefined` where the file system does not say. */
export function freeSpace(folder: string): number | undefined {
  try {
    const facts = statfsSync(folder);
    if (facts.blocks === 0) return undefined;
    // Some blocks are kept for the superuser.
    const blocks = process.geteuid?.() === 0 ? facts.bfree : facts.bavail;
    return blocks * facts.bsize;
  } catch {
    return undefined;
  }
}

/** Throws `NO_SPACE` before anything is written, if `needed` bytes for `path` do not fit in `folder`. */
export function assertRoom(folder: string, path: string, needed: number): void {
  const free = freeSpace(folder);
  if (free !== undefined && free < needed) throw noSpace({ action: 'write', path, needed, free });
}
