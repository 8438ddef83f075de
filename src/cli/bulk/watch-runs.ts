import type { BulkDatabase, BulkRunStatus } from '../../queue/index.ts';
import type { ProgressDisplay } from '../folder-run/progress-display.ts';
import { progressOf } from './run-text.ts';

const everyMilliseconds = 1_000;

/** Shows how far runs are until it is stopped: one run, or all that are going on, together. */
export function watchRuns(
  database: BulkDatabase,
  run: string | undefined,
  display: ProgressDisplay,
): { readonly stop: () => Promise<void> } {
  let stopped = false;
  let wake: () => void = () => undefined;
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, everyMilliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function look(): Promise<void> {
    const { bulkRunStatus, listBulkRuns } = await import('../../queue/index.ts');
    while (!stopped) {
      try {
        const ids =
          run === undefined
            ? (await listBulkRuns(database)).filter(({ state }) => state === 'running').map(({ id }) => id)
            : [run];
        const all = await Promise.all(ids.slice(0, 20).map((id) => bulkRunStatus(database, id)));
        if (!stopped && all.length > 0) display.update(progressOf(sum(all)));
      } catch {
        // The work itself says when the database is away; this is only a look.
      }
      if (!stopped) await pause();
    }
  }

  const looking = look();
  return {
    async stop() {
      stopped = true;
      wake();
      await looking;
    },
  };
}

function sum(all: readonly BulkRunStatus[]): BulkRunStatus {
  const [first] = all as readonly [BulkRunStatus, ...BulkRunStatus[]];
  if (all.length === 1) return first;
  const total = (
    field:
      | 'found'
      | 'waiting'
      | 'started'
      | 'done'
      | 'skipped'
      | 'failed'
      | 'bytesDone'
      | 'bytesFound'
      | 'filesPerSecond'
      | 'bytesPerSecond',
  ): number => all.reduce((before, status) => before + status[field], 0);
  const filesPerSecond = total('filesPerSecond');
  return {
    ...first,
    found: total('found'),
    waiting: total('waiting'),
    started: total('started'),
    done: total('done'),
    skipped: total('skipped'),
    failed: total('failed'),
    bytesDone: total('bytesDone'),
    bytesFound: total('bytesFound'),
    filesPerSecond,
    bytesPerSecond: total('bytesPerSecond'),
    secondsLeft:
      filesPerSecond > 0 ? Math.ceil((total('waiting') + total('started')) / filesPerSecond) : undefined,
  };
}
