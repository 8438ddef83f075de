import { byteCount } from './quantity.ts';
import type { Session } from './session.ts';

const delayMilliseconds = 500;
const intervalMilliseconds = 100;
const barCells = 24;

/** A progress bar that is being shown, or waits to be. */
export interface ProgressBar {
  /** Reports plaintext bytes done and, where known, the total. */
  readonly update: (done: number, total: number | undefined) => void;
  /** Takes the bar off the screen. */
  readonly stop: () => void;
}

/**
 * Shows how far long work is: on a terminal only, on standard error, and only once the work has taken half
 * a second, so that short work stays quiet.
 */
export function startProgressBar(session: Session, label: string, now: () => number = Date.now): ProgressBar {
  const { stderr, err } = session;
  if (!err.interactive) return { update: () => {}, stop: () => {} };
  const started = now();
  let shown = false;
  let last = 0;
  return {
    update(done, total) {
      const time = now();
      if (time - started < delayMilliseconds || time - last < intervalMilliseconds) return;
      last = time;
      shown = true;
      const speed = `${byteCount((done * 1000) / (time - started))}/s`;
      const line =
        total === undefined || total === 0
          ? `${byteCount(done)}  ${speed}  ${label}`
          : `${bar(done / total)} ${percent(done / total)}  ${speed}  ${label}`;
      stderr.write(`\r\u001b[K${line.slice(0, err.columns - 1)}`);
    },
    stop() {
      if (shown) stderr.write('\r\u001b[K');
      shown = false;
    },
  };
}

function bar(part: number): string {
  const filled = Math.round(Math.min(part, 1) * barCells);
  return `[${'#'.repeat(filled)}${'.'.repeat(barCells - filled)}]`;
}

function percent(part: number): string {
  return `${Math.floor(Math.min(part, 1) * 100)}%`.padStart(4);
}
