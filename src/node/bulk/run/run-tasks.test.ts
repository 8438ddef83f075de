import { beforeAll, describe, expect, it } from 'vitest';
import { SealwrightError } from '../../../errors.ts';
import { makeTestService } from '../../test/service.ts';
import { createWorkerPool } from '../../workers/create-worker-pool.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { workerScriptFromSources } from '../../workers/worker-script.test-support.ts';
import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import type { PerformTask } from './lane.ts';
import { madeUpTask, performMadeUp } from './made-up-tasks.test-support.ts';
import { type RunTasksOptions, runTasks } from './run-tasks.ts';

let script: URL;
beforeAll(async () => {
  script = await workerScriptFromSources(new URL('./made-up-tasks.test-support.ts', import.meta.url));
});
const makePool = (threads: number): WorkerPool => createWorkerPool({ threads, script });

async function* listed(paths: readonly string[]): AsyncGenerator<FileTask> {
  for (const [number, path] of paths.entries()) yield madeUpTask(number, path);
}
const fine = (count: number): string[] => Array.from({ length: count }, (_, n) => `fine/${n}`);

/** So slow that the other threads get their share. */
const performSlowly: PerformTask = async (task, context) => {
  if (task.path.startsWith('fine/')) await new Promise((resolve) => setTimeout(resolve, 20));
  return performMadeUp(task, context);
};

/** Runs tasks and gives what was begun and what came of them. */
async function ran(paths: readonly string[], more: Partial<RunTasksOptions> = {}) {
  const begun: string[] = [];
  const outcomes: FileOutcome[] = [];
  const run = await runTasks({
    tasks: listed(paths),
    begin: async (tasks) => void begun.push(...tasks.map(({ path }) => path)),
    record: (outcome) => void outcomes.push(outcome),
    perform: more.makePool === undefined || more.threads === 0 ? performMadeUp : performSlowly,
    threads: 2,
    concurrency: 8,
    ...more,
  });
  return { run, begun, outcomes };
}
const pathsOf = (outcomes: readonly FileOutcome[]): string[] => outcomes.map(({ path }) => path).sort();

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('a run of many tasks', () => {
  it('ends at once when an outcome cannot be taken, though the listing waits for more', async () => {
    let more = true;
    async function* waits(): AsyncGenerator<FileTask> {
      yield madeUpTask(0);
      while (more) await pause(5);
    }
    const record = (): void => {
      throw new TypeError('the log is full');
    };
    const ending = ran([], { tasks: waits(), record }).catch(String);
    expect(await Promise.race([ending, pause(2_000)])).toMatch('the log is full');
    more = false;
  });

  it('does again at once what a thread crashed under, though the listing waits for more', async () => {
    const done = new Set<string>();
    let inThread = false;
    let listing = true;
    async function* waits(): AsyncGenerator<FileTask> {
      let number = 0;
      while (!inThread) yield madeUpTask(number++);
      yield madeUpTask(number, 'exit-once/0');
      const since = performance.now();
      while (!done.has('exit-once/0') && performance.now() - since < 3_000) await pause(5);
      listing = false;
    }
    await ran([], {
      tasks: waits(),
      makePool,
      threads: 1,
      record({ path, output }) {
        if (output !== '0' && output !== undefined) inThread = true;
        if (listing) done.add(path);
      },
    });
    expect(done).toContain('exit-once/0');
  });

  it('settles each of them once, in several threads', async () => {
    const outcomes: FileOutcome[] = [];
    const threads = new Set<string | undefined>();
    async function* untilBothWork(): AsyncGenerator<FileTask> {
      for (let number = 0; number < 2_000 || threads.size < 3; number++) yield madeUpTask(number);
    }
    const { run, begun } = await ran([], {
      tasks: untilBothWork(),
      makePool,
      async record(outcome) {
        outcomes.push(outcome);
        threads.add(outcome.output);
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    expect(run).toEqual({ complete: true, threads: 2, concurrency: 8 });
    expect(begun.length).toBeGreaterThanOrEqual(2_000);
    expect(pathsOf(outcomes)).toEqual([...begun].sort());
  });

  it('needs no threads for few files, and none where there are none to have', async () => {
    expect((await ran(fine(20), { makePool })).run).toMatchObject({ complete: true, threads: 1 });
    const nowhere = (): WorkerPool => createWorkerPool({ script: new URL('file:///nowhere.js') });
    for (const more of [{ makePool: nowhere }, { makePool, threads: 0 }, {}]) {
      const { run, outcomes } = await ran(fine(300), more);
      expect(run).toMatchObject({ complete: true, threads: 1 });
      expect(outcomes).toHaveLength(300);
    }
  });

  it('begins no task before its beginning is on record', async () => {
    const begun = new Set<number>();
    await runTasks({
      tasks: listed(fine(600)),
      async begin(tasks) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        for (const { number } of tasks) begun.add(number);
      },
      record: (outcome) => expect(begun.has(outcome.number ?? -1)).toBe(true),
      perform: (task, context) => {
        expect(begun.has(task.number)).toBe(true);
        return performMadeUp(task, context);
      },
      threads: 0,
    });
    expect(begun.size).toBe(600);
  });

  it('lists no further ahead than it must, however slowly outcomes are taken', async () => {
    let given = 0;
    let taken = 0;
    let furthest = 0;
    async function* many(): AsyncGenerator<FileTask> {
      for (; given < 5_000; given++) yield madeUpTask(given);
    }
    await runTasks({
      tasks: many(),
      begin: async () => undefined,
      async record() {
        furthest = Math.max(furthest, given - taken);
        await new Promise((resolve) => setImmediate(resolve));
        taken++;
      },
      perform: performMadeUp,
      makePool,
      threads: 2,
      concurrency: 8,
    });
    expect(taken).toBe(5_000);
    expect(furthest).toBeLessThan(1_100);
  });

  it('asks the licensing service of this thread from the others', async () => {
    const service = await makeTestService();
    const asked: string[] = [];
    const paths = [...fine(70), ...Array.from({ length: 60 }, (_, n) => `publish/${n}`)];
    const { outcomes } = await ran(paths, {
      makePool,
      service: {
        ...service,
        publish(request, wait) {
          asked.push(request.contentName ?? '');
          return service.publish(request, wait);
        },
      },
    });
    const published = outcomes.filter(({ path }) => path.startsWith('publish/'));
    expect(asked.sort()).toEqual(pathsOf(published));
    expect(new Set(published.map(({ contentId }) => contentId)).size).toBe(60);
  });

  it('reports what fails for its file, and goes on', async () => {
    const paths = [...fine(80), 'fail/a', 'stumble/b', ...fine(80)];
    for (const threads of [0, 2]) {
      const { outcomes } = await ran(paths, { makePool, threads });
      expect(outcomes).toHaveLength(paths.length);
      const failed = outcomes.filter(({ status }) => status === 'failed');
      expect(failed.map(({ path, error }) => [path, error?.code]).sort()).toEqual([
        ['fail/a', 'PERMISSION_DENIED'],
        ['stumble/b', 'IO_FAILED'],
      ]);
      expect(JSON.stringify(failed)).not.toContain('secret');
    }
  });

  it('fails no file because there is no second thread to do it again in', async () => {
    const paths = [...fine(150), 'exit-once/a', ...fine(300)];
    let jobs = 0;
    const once = (): WorkerPool => {
      const pool = makePool(1);
      const gone = (): Promise<never> =>
        Promise.reject(new SealwrightError('WORKER_FAILED', 'No thread.', { reason: 'no-thread' }));
      return { ...pool, available: true, run: (...job) => (jobs++ === 0 ? pool.run(...job) : gone()) };
    };
    const { outcomes, run } = await ran(paths, { makePool: once, threads: 1 });
    expect(jobs).toBeGreaterThan(1);
    expect(run.complete).toBe(true);
    expect(outcomes).toHaveLength(paths.length);
    expect(outcomes.filter(({ status }) => status !== 'done')).toEqual([]);
  });

  it('does the files of a crashed thread again, marked as resumed', async () => {
    const paths = [...fine(150), 'exit-once/a', ...fine(300)];
    const { outcomes, run } = await ran(paths, { makePool });
    expect(run.complete).toBe(true);
    expect(outcomes.map(({ number }) => number).sort((a = 0, b = 0) => a - b)).toEqual([...paths.keys()]);
    expect(outcomes.every(({ status }) => status === 'done')).toBe(true);
    expect(outcomes.find(({ path }) => path === 'exit-once/a')?.bytesIn).toBe(1);
  });

  it('lets only the file fail that makes threads crash, time and again', async () => {
    const paths = [...fine(150), 'exit/a', ...fine(50), 'exit/b', 'exit/c', ...fine(300)];
    const { outcomes, run } = await ran(paths, { makePool });
    expect(run.complete).toBe(true);
    expect(outcomes).toHaveLength(paths.length);
    const failed = outcomes.filter(({ status }) => status === 'failed');
    expect(pathsOf(failed)).toEqual(['exit/a', 'exit/b', 'exit/c']);
    expect(failed.every(({ error }) => error?.code === 'WORKER_FAILED')).toBe(true);
  });

  it('begins nothing new after an abort, and leaves what waits as never begun', async () => {
    for (const threads of [0, 2]) {
      const controller = new AbortController();
      const paths = [...fine(150), ...Array.from({ length: 400 }, (_, n) => `wait/${n}`)];
      let settled = 0;
      const { run, outcomes } = await ran(paths, {
        makePool,
        threads,
        signal: controller.signal,
        record() {
          if (++settled === 150) setTimeout(() => controller.abort(new Error('enough')), 20);
        },
      });
      expect(run.complete).toBe(false);
      expect(settled).toBe(150);
      expect(outcomes).toEqual([]);
    }
  });

  it('is complete if the abort comes when all is done, and does nothing if it came before', async () => {
    const { run, begun } = await ran(fine(5), { signal: AbortSignal.abort() });
    expect(run.complete).toBe(false);
    expect(begun).toEqual([]);
  });

  it('is not complete if the last files were in progress when the abort came', async () => {
    for (const threads of [0, 2]) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 300);
      const { run } = await ran(['wait/a', 'wait/b'], { makePool, threads, signal: controller.signal });
      expect(run.complete).toBe(false);
    }
  });

  it('ends with the failure of what lists, begins or records, once nothing is in progress', async () => {
    async function* breaksOff(): AsyncGenerator<FileTask> {
      yield* listed(fine(200));
      throw new Error('no listing');
    }
    for (const threads of [0, 2]) {
      await expect(ran([], { tasks: breaksOff(), makePool, threads })).rejects.toThrow('no listing');
      const begin = async (tasks: readonly FileTask[]): Promise<void> => {
        if ((tasks[0]?.number ?? 0) > 100) throw new Error('no begin');
      };
      await expect(ran(fine(1_000), { begin, makePool, threads })).rejects.toThrow('no begin');
      const record = async ({ number = 0 }: FileOutcome): Promise<void> => {
        if (number === 200) throw new Error('no record');
      };
      await expect(ran(fine(1_000), { record, makePool, threads })).rejects.toThrow('no record');
    }
  });

  it('refuses sizes that make no sense', async () => {
    for (const more of [{ threads: -1 }, { threads: 1.5 }, { threads: 1_000 }, { concurrency: 0 }])
      await expect(ran(fine(1), more)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
