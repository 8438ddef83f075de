import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { storeError, systemCodeOf } from './store-error.ts';

/** Renewing tokens takes at most two requests of 30 seconds; a lock older than this was left behind. */
const staleAfter = 90_000;
const patience = 120_000;

/**
 * A lock between processes: a file that only one of them can create. One that was left behind by a process that is gone is taken
 * over after 90 seconds (spec/sign-in.md, "Stores").
 */
export async function lockFile(path: string, { signal }: WaitOptions = {}): Promise<() => Promise<void>> {
  const owner = randomUUID();
  const deadline = Date.now() + patience;
  while (!(await created(path, owner))) {
    signal?.throwIfAborted();
    await removeStale(path);
    if (Date.now() > deadline) {
      throw new SealwrightError(
        'TIMED_OUT',
        `Another process keeps ${path} locked: end it, or remove that file.`,
        { path },
      );
    }
    await wait(20 + Math.random() * 60, undefined, signal === undefined ? {} : { signal }).catch((error) => {
      throw signal?.aborted ? signal.reason : error;
    });
  }
  return async () => {
    // Somebody may have taken it over, and then it is not ours to remove.
    if ((await contentOf(path)) === owner) await rm(path, { force: true });
  };
}

async function created(path: string, owner: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx', 0o600);
    try {
      await handle.writeFile(owner);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw storeError(error, 'written', path);
  }
}

async function removeStale(path: string): Promise<void> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined || Date.now() - facts.mtimeMs < staleAfter) return;
  const stale = await contentOf(path);
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    // Between looking and moving, somebody else may have replaced the stale lock by their own: that one goes back.
    if ((await contentOf(aside)) !== stale) await link(aside, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(systemCodeOf(error) ?? '')) throw storeError(error, 'written', path);
  } finally {
    await rm(aside, { force: true });
  }
}

const contentOf = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').catch(() => undefined);
