import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteStore } from './sqlite-store.ts';

/** A thread that begins a transaction and never ends it. */
setInterval(() => undefined, 1_000);
const store = await openSqliteStore(workerData as string);
await store.transaction(async (records) => {
  await records.setSetting('never', 'kept');
  parentPort?.postMessage('writing');
  await new Promise(() => undefined);
});
