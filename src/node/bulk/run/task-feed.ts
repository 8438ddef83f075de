import type { FileTask } from '../task.ts';
import { bell } from './bell.ts';
import { filesBegunAhead, filesBegunAtOnce, filesListedAhead } from './concurrency.ts';
import type { TakeTasks } from './serve-lane.ts';

/** Tasks on their way from the listing to whoever carries them out. */
export interface TaskFeed {
  /**
   * At most `most` tasks whose beginning is on record, at least one; none if there will be no more, or `unwanted` is
   * aborted first. Throws what listing or recording threw.
   */
  readonly take: TakeTasks;
  /** How many tasks were put on record so far. */
  readonly begun: number;
  /** Whether all there are were taken. */
  readonly drained: boolean;
  /** No more tasks from here on. Those that were begun and not taken are left. */
  stop(): void;
}

/**
 * Lists ahead and puts the beginning of tasks on record ahead, several at a time, both within bounds: whoever takes tasks seldom
 * waits, and one flush to disk stands for many files.
 */
export function taskFeed(
  tasks: AsyncIterable<FileTask>,
  begin: (tasks: readonly FileTask[]) => Promise<void>,
): TaskFeed {
  const changed = bell();
  const listed: FileTask[] = [];
  const ready: FileTask[] = [];
  let listing = true;
  let beginning = true;
  let stopped = false;
  let begun = 0;
  let failure: { readonly error: unknown } | undefined;

  async function list(): Promise<void> {
    for await (const task of tasks) {
      listed.push(task);
      changed.ring();
      if (!stopped && listed.length >= filesListedAhead)
        await changed.until(() => stopped || listed.length < filesListedAhead);
      if (stopped) return;
    }
  }

  async function putOnRecord(): Promise<void> {
    for (;;) {
      await changed.until(
        () => stopped || (ready.length < filesBegunAhead && (listed.length > 0 || !listing)),
      );
      if (stopped || listed.length === 0) return;
      const batch = listed.splice(0, filesBegunAtOnce);
      changed.ring();
      await begin(batch);
      begun += batch.length;
      ready.push(...batch);
      changed.ring();
    }
  }

  const fail = (error: unknown): void => {
    // After a stop, that of the listing is only the abort itself.
    if (!stopped) failure = { error };
    stopped = true;
  };
  void list()
    .catch(fail)
    .finally(() => {
      listing = false;
      changed.ring();
    });
  void putOnRecord()
    .catch(fail)
    .finally(() => {
      beginning = false;
      changed.ring();
    });

  return {
    get begun() {
      return begun;
    },
    get drained() {
      return !stopped && !beginning && ready.length === 0;
    },
    async take(most, unwanted) {
      unwanted.addEventListener('abort', changed.ring, { once: true });
      await changed.until(() => stopped || unwanted.aborted || ready.length > 0 || !beginning);
      unwanted.removeEventListener('abort', changed.ring);
      if (failure !== undefined) throw failure.error;
      if (stopped || unwanted.aborted) return [];
      const taken = ready.splice(0, most);
      changed.ring();
      return taken;
    },
    stop() {
      stopped = true;
      changed.ring();
    },
  };
}
