import type { BulkReport } from '../bulk-report.ts';
import type { FileOutcome } from '../outcome.ts';

/** Made-up outcomes, as a run would hand them over. */
export async function* inTurn(outcomes: readonly FileOutcome[]): AsyncGenerator<FileOutcome> {
  yield* outcomes;
}

/** All that a report consists of. */
export async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

/** How a made-up run went. */
export function madeUpReport(changes: Partial<BulkReport> = {}): BulkReport {
  return {
    operation: 'protect',
    dryRun: false,
    inputs: ['/srv/share'],
    out: undefined,
    startedAt: new Date('2026-01-31T17:00:00Z'),
    endedAt: new Date('2026-01-31T17:01:40Z'),
    sessions: 1,
    milliseconds: 100_000,
    complete: true,
    found: 1000,
    done: 900,
    skipped: 90,
    failed: 10,
    skippedBecause: { 'protected-as-asked': 80, excluded: 10 },
    bytesIn: 36_000_000,
    bytesOut: 37_000_000,
    throughput: Array.from({ length: 100 }, (_, second) => ({
      at: (second + 1) * 1000,
      files: (second + 1) * 10,
      bytes: (second + 1) * 360_000,
    })),
    failures: [],
    threads: 2,
    concurrency: 8,
    ...changes,
  };
}
