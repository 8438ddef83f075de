import { bell } from './bell.ts';
import { takeBackFromLost } from './give-back.ts';
import type { Round } from './work-round.ts';
import { BatchLost } from './work-round.ts';
import { heartbeat } from './worker-record.ts';

/** Keeps this worker's lease, and takes back what others lost. */
export interface KeepAlive {
  /** Whether the database is sure to know that this worker lives; if not, nothing new may begin. */
  fresh(): boolean;
  /** Resolves when it ended. */
  stop(): Promise<void>;
}

/** Says that this worker lives ten times in a lease; every third time looks for workers that do not. */
export function keepAlive(round: Round): KeepAlive {
  const { database, worker, book, changed, count, end } = round;
  const lease = worker.leaseSeconds * 1000;
  const nap = bell();
  let stopped = false;
  let beats = 0;
  let heardAt = performance.now();
  /** Since when the database answers without a break. */
  let steadySince = heardAt;

  async function beat(): Promise<void> {
    const askedAt = performance.now();
    const onRecord = await heartbeat(database, worker);
    if (askedAt - heardAt > lease / 2) steadySince = askedAt;
    heardAt = askedAt;
    if (!book.compare(onRecord, askedAt)) {
      count.lost(1);
      end(new BatchLost());
    }
    beats += 1;
    // Whoever could not reach the database itself cannot tell who else is silent.
    if (beats % 3 === 0 && askedAt - steadySince > lease) {
      const taken = await takeBackFromLost(database);
      if (taken > 0) count.takenBack(taken);
    }
    changed.ring();
  }

  async function run(): Promise<void> {
    while (!stopped) {
      await beat();
      if (!stopped) await nap.heard(lease / 10);
    }
  }

  const running = run().catch((error: unknown) => {
    if (!stopped) end(error);
  });
  return {
    fresh: () => performance.now() - heardAt < (lease * 2) / 3,
    async stop() {
      stopped = true;
      nap.ring();
      await running;
    },
  };
}
