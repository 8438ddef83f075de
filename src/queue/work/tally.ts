import type { FileOutcome } from '../../node/bulk/core.ts';
import type { BulkWork } from './work-options.ts';

/** Counts what one worker does. */
export interface Tally {
  file(outcome: FileOutcome): void;
  lost(batches: number): void;
  takenBack(batches: number): void;
  total(): BulkWork;
}

export function tally(): Tally {
  const files = { done: 0, skipped: 0, failed: 0 };
  let bytesIn = 0;
  let bytesOut = 0;
  let lost = 0;
  let takenBack = 0;
  return {
    file({ status, ...bytes }) {
      files[status] += 1;
      if (status !== 'done') return;
      bytesIn += bytes.bytesIn ?? 0;
      bytesOut += bytes.bytesOut ?? 0;
    },
    lost(batches) {
      lost += batches;
    },
    takenBack(batches) {
      takenBack += batches;
    },
    total: () => Object.freeze({ ...files, bytesIn, bytesOut, lost, takenBack }),
  };
}
