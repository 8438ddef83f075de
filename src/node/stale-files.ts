import { readdir, rm } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { isGone } from './process-marker.ts';
import { markerIn } from './temporary-name.ts';

/** How long a folder counts as clean: bulk work in one folder must not list it for every file. */
const cleanForMs = 60_000;
const rememberedFolders = 1000;
const cleaned = new Map<string, number>();

/**
 * Removes temporary files that a process of this machine left in `folder` when it died. Those of running
 * processes and of other machines stay. Gives the paths removed; problems are left for later operations to
 * report.
 */
export async function removeStaleFiles(folder: string): Promise<string[]> {
  const removed: string[] = [];
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const marker = markerIn(name);
    if (marker === undefined || !isGone(marker)) continue;
    const path = join(folder, name);
    try {
      await rm(path);
      removed.push(path);
    } catch {
      // Somebody else's, or somebody was faster.
    }
  }
  return removed;
}

/** The same, at most once a minute for a folder; nothing to wait for if it was done. */
export function removeStaleFilesNowAndThen(folder: string): Promise<unknown> | undefined {
  const key = isAbsolute(folder) ? folder : resolve(folder);
  const now = Date.now();
  if (now - (cleaned.get(key) ?? Number.NEGATIVE_INFINITY) < cleanForMs) return undefined;
  // Again at the end: those at the beginning are the longest ago, and are forgotten first.
  cleaned.delete(key);
  cleaned.set(key, now);
  for (const oldest of cleaned.keys()) {
    if (cleaned.size <= rememberedFolders) break;
    cleaned.delete(oldest);
  }
  return removeStaleFiles(folder);
}
