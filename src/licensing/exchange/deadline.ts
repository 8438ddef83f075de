/** Work that ends early: because the caller wants it to, or because a phase of it takes too long. */
export interface Deadline {
  /** Aborted with the caller's reason, or with the error of the limit that was passed. */
  readonly signal: AbortSignal;
  /** Sets a limit; gives a function that lifts it again. */
  limit(milliseconds: number, error: () => Error): () => void;
  abort(reason: unknown): void;
  /** Lifts every limit and lets go of the caller's signal. */
  close(): void;
}

/** The longest time a timer can be set to. */
const longestTimer = 2 ** 31 - 1;

/** Begins work that `parent` can end. Close it when the work is done. */
export function startDeadline(parent?: AbortSignal): Deadline {
  const controller = new AbortController();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const follow = () => controller.abort(parent?.reason);
  if (parent?.aborted) follow();
  else parent?.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    limit(milliseconds, error) {
      const timer = setTimeout(() => controller.abort(error()), Math.min(milliseconds, longestTimer));
      timers.add(timer);
      return () => {
        clearTimeout(timer);
        timers.delete(timer);
      };
    },
    abort: (reason) => controller.abort(reason),
    close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      parent?.removeEventListener('abort', follow);
    },
  };
}

/** Waits for `work`, but not beyond the abort of `signal`: it need not listen to the signal itself. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Waits; ends early with the signal's reason. */
export const sleepFor = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      },
      Math.min(milliseconds, longestTimer),
    );
    signal?.addEventListener('abort', stop, { once: true });
  });
