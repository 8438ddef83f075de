import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workerScriptFromSources } from '../../node/workers/worker-script.test-support.ts';
import { openSqliteStore } from './sqlite-store.ts';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'sealwright-lost-thread-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it('a thread that ends in a transaction takes it with it, and others of its process can write', async () => {
  const path = join(scratch, 'authority.db');
  const store = await openSqliteStore(path, { create: true, patience: 2_000 });
  const script = await workerScriptFromSources(new URL('./lost-thread.test-support.ts', import.meta.url));
  const thread = new Worker(script, { workerData: path });
  await new Promise((resolve) => thread.once('message', resolve));
  await thread.terminate();
  await store.setSetting('after', 'it');
  expect(await store.getSetting('never')).toBeUndefined();
  expect(await store.getSetting('after')).toBe('it');
  await store.close();
});
