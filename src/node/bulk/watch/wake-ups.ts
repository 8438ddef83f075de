import { type FSWatcher, watch } from 'node:fs';
import { bell } from '../run/bell.ts';

/** Wakes a watch when something happens in its folder. The system may miss things, so that it is only a hint. */
export interface WakeUps {
  /** Resolves after this time, or sooner if something happened or the watch ends. */
  wait(milliseconds: number): Promise<void>;
  /** The folder may be another one by now. */
  renew(): void;
  close(): void;
}

export function wakeUps(folder: string, signal: AbortSignal): WakeUps {
  const woken = bell();
  let watcher: FSWatcher | undefined;
  let happened = false;

  const wake = (): void => {
    happened = true;
    woken.ring();
  };
  function renew(): void {
    watcher?.close();
    watcher = undefined;
    try {
      watcher = watch(folder, { persistent: false }, wake);
      watcher.on('error', () => {
        watcher?.close();
        watcher = undefined;
      });
    } catch {
      // Not there, or none to be had: the next look comes anyway.
    }
  }
  signal.addEventListener('abort', wake, { once: true });

  return {
    renew,
    async wait(milliseconds) {
      if (!happened && !signal.aborted) {
        const timer = setTimeout(woken.ring, milliseconds);
        await woken.heard();
        clearTimeout(timer);
      }
      happened = false;
    },
    close() {
      watcher?.close();
      signal.removeEventListener('abort', wake);
    },
  };
}
