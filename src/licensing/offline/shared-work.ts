import type { WaitOptions } from '../../bytes/index.ts';

/** Runs `work` once for everybody who asks while it runs. Who gives up leaves; the work goes on for the others. */
export function sharedWork<T>(work: () => Promise<T>): (options?: WaitOptions) => Promise<T> {
  let running: Promise<T> | undefined;
  return ({ signal } = {}) => {
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    running ??= work().finally(() => {
      running = undefined;
    });
    // If everybody has left, nobody hears of a failure, and that is no defect.
    running.catch(() => undefined);
    return signal === undefined ? running : unlessAborted(running, signal);
  };
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
