import type { ClaimedBatch, HeldBatch, WaitingFile } from './held-batch.ts';
import { batchKey } from './held-batch.ts';
import type { HeldOnRecord } from './worker-record.ts';

/** A batch that this worker holds, and how far it is. */
export interface Lease {
  readonly batch: ClaimedBatch;
  /** Files that were not handed out yet, in order. */
  readonly waiting: WaitingFile[];
  /** Files that were handed out and of which the database does not know yet what came. */
  open: number;
  /** Nothing more is begun of it: its run was paused or cancelled. */
  stopping: boolean;
  /** Its last outcomes are being written, after which the database counts it as done. */
  closing: boolean;
}

/** What this worker holds. */
export interface LeaseBook {
  readonly leases: ReadonlyMap<string, Lease>;
  readonly held: ReadonlyMap<string, HeldBatch>;
  add(batch: ClaimedBatch): Lease;
  remove(lease: Lease): void;
  /**
   * Compares with what the database says, as asked at `askedAt`. Resolves to whether everything that was held then is
   * held still.
   */
  compare(onRecord: readonly HeldOnRecord[], askedAt: number): boolean;
}

export function leaseBook(): LeaseBook {
  const leases = new Map<string, Lease>();
  const held = new Map<string, HeldBatch>();
  return {
    leases,
    held,
    add(batch) {
      const lease: Lease = { batch, waiting: [...batch.files], open: 0, stopping: false, closing: false };
      leases.set(batchKey(batch.held), lease);
      held.set(batchKey(batch.held), batch.held);
      return lease;
    },
    remove({ batch }) {
      leases.delete(batchKey(batch.held));
      held.delete(batchKey(batch.held));
    },
    compare(onRecord, askedAt) {
      const known = new Map(onRecord.map((each) => [batchKey(each), each]));
      let all = true;
      for (const lease of leases.values()) {
        const { held: mine } = lease.batch;
        const found = known.get(batchKey(mine));
        if (found !== undefined && found.attempt === mine.attempt)
          lease.stopping ||= found.runState !== 'running';
        // One that was taken or finished since the question was asked says nothing.
        else if (mine.since < askedAt && !lease.closing) all = false;
      }
      return all;
    },
  };
}
