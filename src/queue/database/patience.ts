import { setTimeout as delay } from 'node:timers/promises';
import { troubleOf } from './database-error.ts';

/** How long to go on asking a database that does not answer. */
export interface Patience {
  /** Milliseconds; 0 gives up at the first failure. */
  readonly milliseconds: number;
  readonly signal?: AbortSignal | undefined;
  /** Called when waiting begins, and when it ended well. */
  readonly onAway?: ((away: boolean) => void) | undefined;
}

const firstPause = 100;
const longestPause = 5_000;

/**
 * Repeats `attempt` while the database is away, with longer and longer pauses, and at once a few times after a conflict
 * with another transaction. The attempts must be such that doing one twice is doing it once: a connection may be
 * lost after the database did what it was asked.
 */
export async function withPatience<T>(patience: Patience, attempt: () => Promise<T>): Promise<T> {
  const { milliseconds, signal, onAway } = patience;
  const since = performance.now();
  let pause = firstPause;
  let conflicts = 0;
  let away = false;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const result = await attempt();
      if (away) onAway?.(false);
      return result;
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === 'conflict' && conflicts < 10) {
        conflicts += 1;
        continue;
      }
      if (trouble !== 'away' || performance.now() - since + pause > milliseconds) throw error;
      if (!away) onAway?.(true);
      away = true;
      // Many workers that lost one server must not all come back in the same instant.
      await delay(pause * (0.5 + Math.random() / 2), undefined, { signal });
      pause = Math.min(pause * 2, longestPause);
    }
  }
}
