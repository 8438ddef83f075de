import type { RecordKeeper } from './record-keeper.ts';

/** Work inside a transaction of the keeper; one that answers at once holds up nobody. */
export type Work<T> = () => T | Promise<T>;

/** How much of the keeper a piece of work changes: one statement undoes itself, several need a way back. */
export type Steps = 'one' | 'several';

/** Lets pieces of work into the keeper so that they do not see or undo one another. */
export interface GroupCommit {
  /** Runs what changes nothing, once no transaction is under way that waits for something. */
  read<T>(step: () => T): Promise<T>;
  /** Runs `work` in its turn, in a transaction; resolves when that is committed. All of it is kept, or none if it throws. */
  write<T>(work: Work<T>, steps: Steps): Promise<T>;
  /** Resolves when everything that was asked for has ended. */
  idle(): Promise<void>;
}

interface Job {
  readonly work: Work<unknown>;
  readonly steps: Steps;
  readonly settle: (outcome: Outcome) => void;
}

type Outcome = { readonly value: unknown } | { readonly error: unknown };

// Held here, so that a test that stops the clock does not stop the store.
const { setTimeout: later, clearTimeout: notLater } = globalThis;
const { setImmediate: afterEvents = (run: () => void) => later(run, 0) } = globalThis as {
  readonly setImmediate?: (run: () => void) => unknown;
};

/** A commit of this many costs each of them next to nothing. */
const company = 16;
/** Milliseconds that a commit waits for as many as the last one had. One that was alone never makes the next one wait. */
const patience = 5;

/**
 * Commits what is asked for at the same time together: a commit waits for the disk, and costs the same for one row as
 * for fifty. Each piece of work has its own savepoint, so that one that fails takes no other with it; nobody gets an
 * answer before the commit.
 */
export function createGroupCommit(keeper: RecordKeeper): GroupCommit {
  let waiting: Job[] = [];
  let working: Promise<void> | undefined;
  /** The commit under way, while its transaction waits for something and others have their turn. */
  let held: Promise<unknown> | undefined;

  /** How many are expected for the next commit, and whom to tell when they are there. */
  let expected = 1;
  let complete: (() => void) | undefined;

  async function gather(): Promise<void> {
    // What happened in this turn of the event loop belongs into one commit.
    await new Promise<void>((resolve) => void afterEvents(resolve));
    if (waiting.length === 0 || waiting.length >= expected) return;
    await new Promise<void>((resolve) => {
      const enough = later(resolve, patience);
      complete = () => {
        notLater(enough);
        resolve();
      };
    });
    complete = undefined;
  }

  let readers: (() => void)[] = [];

  /** Lets those read who asked in this turn of the event loop: what they read is no older than the last of them. */
  function letRead(): void {
    const ready = readers;
    readers = [];
    const run = (): void => {
      for (const each of ready) each();
    };
    if (ready.length > 1 && keeper.readTogether !== undefined) keeper.readTogether(run);
    else run();
  }

  async function letReadInTurn(): Promise<void> {
    while (held !== undefined) await held;
    letRead();
  }

  async function workOff(): Promise<void> {
    await gather();
    while (waiting.length > 0) {
      // Nobody who wants to read has to wait for the disk.
      letRead();
      const jobs = waiting;
      waiting = [];
      expected = Math.min(jobs.length, company);
      const together = commitTogether(jobs, () => {
        held = together;
      });
      const outcomes = await together;
      held = undefined;
      for (const [index, { settle }] of jobs.entries()) settle(outcomes[index]!);
      // Those who got their answer may have more to ask.
      await gather();
    }
    working = undefined;
  }

  async function commitTogether(jobs: readonly Job[], hold: () => void): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    try {
      await keeper.attempt(() => keeper.begin());
      for (const job of jobs) {
        const outcome = perform(job);
        if (outcome instanceof Promise) hold();
        outcomes.push(outcome instanceof Promise ? await outcome : outcome);
      }
      await keeper.attempt(() => keeper.commit());
      return outcomes;
    } catch (error) {
      keeper.rollback();
      return jobs.map((_, index) => {
        const outcome = outcomes[index];
        return outcome !== undefined && 'error' in outcome ? outcome : { error };
      });
    }
  }

  /** Throws only if the whole transaction is lost. */
  function perform({ work, steps }: Job): Outcome | Promise<Outcome> {
    if (steps === 'several') keeper.savepoint();
    const kept = (value: unknown): Outcome => {
      if (steps === 'several') keeper.release();
      return { value };
    };
    const undone = (error: unknown): Outcome => {
      // A full disk, for one, undoes more than the step that met it.
      if (!keeper.inTransaction()) throw keeper.explain(error);
      if (steps === 'several') keeper.rollbackToSavepoint();
      return { error: keeper.explain(error) };
    };
    let value: unknown;
    try {
      value = work();
    } catch (error) {
      return undone(error);
    }
    return value instanceof Promise ? value.then(kept, undone) : kept(value);
  }

  return {
    read: <T>(step: () => T) =>
      new Promise<T>((resolve, reject) => {
        // A step that finds the keeper busy comes again later, by itself.
        readers.push(() => void keeper.attempt(step).then(resolve, reject));
        if (readers.length === 1) void afterEvents(() => void letReadInTurn());
      }),
    write: <T>(work: Work<T>, steps: Steps) =>
      new Promise<T>((resolve, reject) => {
        const settle = (outcome: Outcome) =>
          'error' in outcome ? reject(outcome.error) : resolve(outcome.value as T);
        waiting.push({ work, steps, settle });
        if (waiting.length >= expected) complete?.();
        working ??= workOff();
      }),
    idle: async () => {
      while (readers.length > 0) await new Promise<void>((resolve) => void afterEvents(resolve));
      while (working !== undefined) await working;
    },
  };
}
