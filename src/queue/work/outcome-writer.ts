import { setTimeout as delay } from 'node:timers/promises';
import type { OpenBulkDatabase } from '../database/bulk-database.ts';
import type { Lease, LeaseBook } from './lease-book.ts';
import { type SettledFile, settleFiles } from './settle-files.ts';

/** Outcomes that go into the database with one statement. */
const mostAtOnce = 1_000;
/** Milliseconds in which outcomes gather. */
const gathering = 50;

/** Writes outcomes in the background, many at once, in the order in which they came. */
export interface OutcomeWriter {
  add(lease: Lease, file: SettledFile): void;
  /** Outcomes that the database does not have yet. */
  readonly waiting: number;
  /** Resolves once everything that was added is written. Rejects if the database could not be reached for too long. */
  flush(): Promise<void>;
}

/** @param onWritten called after each write, and with the error when writing ends for good */
export function outcomeWriter(
  database: OpenBulkDatabase,
  worker: string,
  book: LeaseBook,
  onWritten: (error?: unknown) => void,
): OutcomeWriter {
  const waiting: { readonly lease: Lease; readonly file: SettledFile }[] = [];
  let writing: Promise<void> | undefined;
  let hurry = false;

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      if (!hurry && waiting.length < mostAtOnce) await delay(gathering);
      const some = waiting.slice(0, mostAtOnce);
      const counts = new Map<Lease, number>();
      for (const { lease } of some) counts.set(lease, (counts.get(lease) ?? 0) + 1);
      for (const [lease, count] of counts) {
        if (lease.waiting.length === 0 && lease.open === count) lease.closing = true;
      }
      await settleFiles(
        database,
        worker,
        some.map(({ file }) => file),
      );
      waiting.splice(0, some.length);
      for (const [lease, count] of counts) {
        lease.open -= count;
        if (lease.closing) book.remove(lease);
      }
      onWritten();
    }
  }

  const start = (): Promise<void> => {
    writing ??= write().finally(() => {
      writing = undefined;
    });
    return writing;
  };

  return {
    add(lease, file) {
      waiting.push({ lease, file });
      start().catch(onWritten);
    },
    get waiting() {
      return waiting.length;
    },
    async flush() {
      hurry = true;
      try {
        while (waiting.length > 0) await start();
      } finally {
        hurry = false;
      }
    },
  };
}
