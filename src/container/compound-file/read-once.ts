import type { WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';

/**
 * Reads something once for all who ask, also at the same time. What is wrong with the file stays wrong; a
 * read that failed or was cancelled for other reasons is begun again by the next one who asks.
 */
export function readOnce<T>(
  read: (options?: WaitOptions) => Promise<T>,
): (options?: WaitOptions) => Promise<T> {
  let running: Promise<T> | undefined;

  const begin = (options?: WaitOptions): Promise<T> => {
    const started = read(options);
    running = started;
    started.catch((error: unknown) => {
      if (running === started && !isFinal(error)) running = undefined;
    });
    return started;
  };

  return async (options) => {
    while (running !== undefined) {
      try {
        return await running;
      } catch (error) {
        if (isFinal(error)) throw error;
        // Somebody else's read: it may have been their signal that ended it.
        options?.signal?.throwIfAborted();
      }
    }
    return begin(options);
  };
}

const isFinal = (error: unknown): boolean =>
  error instanceof SealwrightError &&
  (error.code === 'MALFORMED_CONTAINER' || error.code === 'LIMIT_EXCEEDED');
