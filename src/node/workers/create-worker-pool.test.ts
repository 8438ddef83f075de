import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { SealwrightError } from '../../errors.ts';
import { createWorkerPool } from './create-worker-pool.ts';
import type { WorkerPool, WorkerPoolOptions } from './worker-pool.ts';
import { workerScriptFromSources } from './worker-script.test-support.ts';

const script = await workerScriptFromSources(new URL('./jobs-for-tests.test-support.ts', import.meta.url));
const pools: WorkerPool[] = [];

function pool(options: WorkerPoolOptions = {}): WorkerPool {
  const made = createWorkerPool({ threads: 2, script, ...options });
  pools.push(made);
  return made;
}

afterEach(() => Promise.all(pools.splice(0).map((made) => made.close(true))));

test('A job is carried out in another thread, and its result comes back', async () => {
  const { run } = pool();
  expect(await run('echo', { text: 'hello', bytes: Uint8Array.of(1, 2) })).toEqual({
    text: 'hello',
    bytes: Uint8Array.of(1, 2),
  });
  expect(await run('thread', undefined)).toBeGreaterThan(0);
});

test('Jobs run side by side in as many threads as there may be, and no more', async () => {
  const { run } = pool();
  const ids = await Promise.all(Array.from({ length: 8 }, () => run<number>('pause', 30)));
  expect(new Set(ids).size).toBe(2);
});

test('Memory that is transferred leaves this thread', async () => {
  const bytes = new ArrayBuffer(1000);
  expect(await pool().run('length', { bytes }, { transfer: [bytes] })).toBe(1000);
  expect(bytes.byteLength).toBe(0);
});

test('What a job reports is heard in order before its result', async () => {
  const heard: unknown[] = [];
  await pool().run('count', 100, { onReport: (report) => heard.push(report) });
  expect(heard).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
});

test('An error of ours comes back as it was thrown', async () => {
  const error = await pool()
    .run('refuse', undefined)
    .catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(SealwrightError);
  expect(error).toMatchObject({
    code: 'ACCESS_DENIED',
    message: 'Not you.',
    details: { rule: 'expired', offset: 7 },
  });
});

test('Of any other error only kind and place are told, never what its message quotes', async () => {
  const error = (await pool()
    .run('stumble', 'hunter2')
    .catch((caught: unknown) => caught)) as SealwrightError;
  expect(error.code).toBe('WORKER_FAILED');
  expect(error.message).toContain('SyntaxError');
  expect(`${error.message} ${String(error.cause)} ${JSON.stringify(error.details)}`).not.toContain('hunter2');
  expect(String(error.cause)).toMatch(/at .*stumble/);
});

test('Data or a result that cannot cross fails that job only', async () => {
  const { run } = pool({ threads: 1 });
  await expect(run('uncloneable', undefined)).rejects.toMatchObject({ code: 'WORKER_FAILED' });
  await expect(run('echo', () => undefined)).rejects.toMatchObject({ code: 'WORKER_FAILED' });
  expect(await run('echo', 1)).toBe(1);
});

test('A name that is no job is refused, also one that every object has', async () => {
  await expect(pool().run('no such job', 0)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await expect(pool().run('constructor', 0)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

test.each(['exit', 'uncaught'])(
  'A thread that crashes (%s) fails its job, and another takes its place',
  async (how) => {
    const { run } = pool({ threads: 1 });
    const first = await run('thread', undefined);
    const next = run('thread', undefined).catch(() => undefined);
    await next;
    const crashed = run(how, undefined);
    const after = run('thread', undefined);
    await expect(crashed).rejects.toMatchObject({ code: 'WORKER_FAILED' });
    expect(await after).not.toBe(first);
  },
);

test('A thread that runs out of memory fails its job and nothing else', async () => {
  const { run } = pool({ threads: 1, memory: 16 });
  await expect(run('exhaust', undefined)).rejects.toThrow(/ran out of memory/);
  expect(await run('echo', 1)).toBe(1);
});

test('A job that is aborted while it waits for a thread is never begun', async () => {
  const { run } = pool({ threads: 1 });
  const flag = new SharedArrayBuffer(8);
  const controller = new AbortController();
  const busy = run('pause', 50);
  const aborted = run('until', flag, { signal: controller.signal });
  controller.abort(new Error('changed my mind'));
  await expect(aborted).rejects.toThrow('changed my mind');
  await busy;
  expect(new Int32Array(flag)[0]).toBe(0);
});

test('A job that never waits stops when it is aborted, and has stopped when that is told', async () => {
  const { run } = pool();
  const flag = new SharedArrayBuffer(8);
  const words = new Int32Array(flag);
  const controller = new AbortController();
  const running = run('until', flag, { signal: controller.signal });
  while (Atomics.load(words, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  controller.abort(new Error('enough'));
  await expect(running).rejects.toThrow('enough');
  const count = Atomics.load(words, 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(Atomics.load(words, 1)).toBe(count);
});

test('A job that waits sees its signal', async () => {
  const controller = new AbortController();
  const running = pool().run('waitForSignal', 0, { signal: controller.signal });
  setTimeout(() => controller.abort(new Error('late')), 30);
  await expect(running).rejects.toThrow('late');
});

test('Too many waiting jobs are refused', async () => {
  const { run } = pool({ threads: 1, queue: 2 });
  const accepted = [run('pause', 20), run('pause', 1)];
  await expect(run('pause', 1)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  await Promise.all(accepted);
});

test('Where the script is missing or not ours there are no threads', async () => {
  const other = join(tmpdir(), `not-a-worker-${process.pid}.mjs`);
  writeFileSync(other, 'console.log("the worker of somebody else")');
  for (const wrong of [
    new URL('file:///nowhere/worker.js'),
    pathToFileURL(other),
    new URL('https://example.com/'),
  ]) {
    const none = pool({ script: wrong });
    expect(none.available).toBe(false);
    await expect(none.run('echo', 1)).rejects.toMatchObject({
      code: 'WORKER_FAILED',
      details: { reason: 'no-thread' },
    });
  }
});

test('A script that ends without a word counts as no thread', async () => {
  const broken = join(tmpdir(), `broken-worker-${process.pid}.mjs`);
  writeFileSync(broken, 'process.exit(0); "sealwright-worker-1"');
  const none = pool({ script: pathToFileURL(broken) });
  expect(none.available).toBe(true);
  const both = await Promise.allSettled([none.run('echo', 1), none.run('echo', 2)]);
  for (const { status } of both) expect(status).toBe('rejected');
  expect(none.available).toBe(false);
});

test('Closing waits for the jobs; closing by force ends them', async () => {
  const patient = pool();
  const job = patient.run('pause', 30);
  await patient.close();
  expect(await job).toBeGreaterThan(0);
  await expect(patient.run('echo', 1)).rejects.toMatchObject({ code: 'WORKER_FAILED' });

  const rude = pool({ threads: 1 });
  const outcomes = Promise.allSettled([rude.run('pause', 10_000), rude.run('pause', 1)]);
  await rude.close(true);
  for (const outcome of await outcomes)
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'WORKER_FAILED' } });
});

test('A thread that has nothing to do ends', async () => {
  const { run } = pool({ threads: 1, idleMilliseconds: 10 });
  const first = await run('thread', undefined);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(await run('thread', undefined)).not.toBe(first);
});
