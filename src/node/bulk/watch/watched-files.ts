import { statSync } from 'node:fs';
import type { Listed } from '../run/listed-file.ts';
import type { SeenFiles } from './seen-files.ts';
import { wakeUps } from './wake-ups.ts';

/** How {@link watchedFiles} looks. */
export interface WatchedFilesOptions {
  readonly folder: string;
  readonly seen: SeenFiles;
  /** Lists what is in the folder now. */
  readonly list: () => AsyncIterable<Listed>;
  /** Milliseconds between looks if nothing happens. */
  readonly rescan: number;
  /** Milliseconds for which a file must not have changed. */
  readonly settle: number;
  readonly signal: AbortSignal;
}

/** Between looks there is this much time at least, and much more than a look takes. */
const shortestPause = 100;
const pausePerLook = 4;

/** Gives the files that come into a folder, each once it no longer changes, until the signal is aborted. */
export async function* watchedFiles(options: WatchedFilesOptions): AsyncGenerator<Listed, void, undefined> {
  const { folder, seen, list, rescan, settle, signal } = options;
  const wakes = wakeUps(folder, signal);
  let watched: string | undefined;
  let lookAt = 0;
  try {
    while (!signal.aborted) {
      const began = performance.now();
      if (began >= lookAt) {
        const now = folderVersion(folder);
        // The folder was removed, or another one was made in its place.
        if (now !== watched) wakes.renew();
        watched = now;
        if (now !== undefined) {
          seen.beginLook();
          for await (const entry of list()) {
            const due = seen.meet(entry, began);
            if (due !== undefined) yield due;
            if (signal.aborted) return;
          }
          seen.endLook();
        }
        lookAt = performance.now() + Math.max(shortestPause, pausePerLook * (performance.now() - began));
      }
      for (const due of seen.settledSince(performance.now())) yield due;
      if (signal.aborted) return;
      const idle = seen.waiting > 0 ? Math.min(rescan, Math.max(shortestPause, settle / 2)) : rescan;
      await wakes.wait(idle);
      if (seen.waiting === 0) await pause(lookAt - performance.now(), signal);
    }
  } finally {
    wakes.close();
  }
}

function folderVersion(path: string): string | undefined {
  const facts = statSync(path, { throwIfNoEntry: false });
  return facts?.isDirectory() ? `${facts.dev}-${facts.ino}` : undefined;
}

/** However much happens, looks do not follow each other without a break. */
const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (milliseconds <= 0 || signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
