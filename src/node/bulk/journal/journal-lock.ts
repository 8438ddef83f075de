import { randomBytes } from 'node:crypto';
import { closeSync, constants, mkdirSync, openSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileError, systemCodeOf } from '../../file-error.ts';
import { isGone, ownMarker, type ProcessMarker } from '../../process-marker.ts';
import { unusable } from './journal-error.ts';

/** The folder beside a journal in which the processes that use it have their names. */
export const lockFolder = (journal: string): string => `${journal}.lock`;

/**
 * Takes the journal for this process, and gives what releases it. Every process first writes its own name and then looks for
 * others: of two that come at once at least one sees the other. A name whose process is surely gone does not count.
 *
 * @throws `JOURNAL_UNUSABLE` if another process has it
 */
export function lockJournal(journal: string): () => void {
  const folder = lockFolder(journal);
  const own = writeName(folder, journal);
  const release = (): void => {
    rmSync(join(folder, own), { force: true });
    try {
      rmdirSync(folder);
    } catch {
      // Somebody else waits there already.
    }
  };
  for (const name of readdirSync(folder)) {
    if (name === own) continue;
    const holder = markerOf(name);
    if (holder !== undefined && isGone(holder)) {
      rmSync(join(folder, name), { force: true });
      continue;
    }
    release();
    throw unusable(
      journal,
      `another run is at work with it (process ${holder?.pid ?? 'unknown'}). Wait for its end; if it ran on another machine and is gone, delete ${join(folder, name)}.`,
      'locked',
    );
  }
  return release;
}

function writeName(folder: string, journal: string): string {
  const { host, boot, space, pid, started } = ownMarker();
  const name = [host, boot, space, pid, started, randomBytes(6).toString('hex')].join('-');
  for (let attempt = 1; ; attempt++) {
    try {
      makeFolder(folder);
      const { O_CREAT, O_EXCL, O_WRONLY } = constants;
      closeSync(openSync(join(folder, name), O_CREAT | O_EXCL | O_WRONLY, 0o600));
      return name;
    } catch (error) {
      // Whoever released the lock took the folder away between the two calls.
      if (systemCodeOf(error) !== 'ENOENT' || attempt === 10)
        throw fileError(error, { action: 'write', path: journal });
    }
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error;
  }
}

function markerOf(name: string): ProcessMarker | undefined {
  const found = /^([0-9a-f]{8})-([0-9a-f]{8})-(\d+)-(\d+)-(\d+)-[0-9a-f]{12}$/.exec(name);
  if (found === null) return undefined;
  const [, host = '', boot = '', space = '', pid = '', started = ''] = found;
  return { host, boot, space, pid, started };
}
