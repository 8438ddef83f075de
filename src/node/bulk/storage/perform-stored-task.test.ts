import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../../spec/conformance/storage/memory-storage.ts';
import { createAuthority, createMemoryStore } from '../../../authority/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../../license/index.ts';
import type { LicensingService } from '../../../licensing/index.ts';
import { open } from '../../../protection/index.ts';
import type { FileTask, TaskSettings } from '../task.ts';
import type { FileStorage } from './file-storage.ts';
import { performStoredTask } from './perform-stored-task.ts';

const policy = { grants: [{ to: 'contoso.com', rights: 'Viewer' as const }] };
const text = new TextEncoder().encode('Third quarter: up.');
const workbook = readFileSync(new URL('../../../../examples/documents/budget.xlsx', import.meta.url));
let service: LicensingService;
beforeAll(async () => {
  const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
  service = (await createAuthority({ store: createMemoryStore(), custodian })).as('alice@contoso.com');
});

const settingsOf = (
  operation: TaskSettings['operation'],
  more: Partial<TaskSettings> = {},
): TaskSettings => ({
  operation,
  inPlace: true,
  ...(operation === 'protect' || operation === 'reprotect' ? { policy } : {}),
  ...more,
});
const taskOf = (path: string, settings: TaskSettings, resumed = false): FileTask => ({
  number: 0,
  path,
  relativePath: path.slice(path.indexOf('/') + 1),
  settings,
  runStartedAt: new Date().toISOString(),
  resumed,
});
const perform = (storage: FileStorage, path: string, settings: TaskSettings, resumed = false) =>
  performStoredTask(taskOf(path, settings, resumed), { service }, storage);

async function put(storage: FileStorage, path: string, bytes: Uint8Array): Promise<void> {
  await storage.write(path, async (sink) => {
    await sink.write(bytes);
    return bytes.length;
  });
}
async function read(storage: FileStorage, path: string): Promise<Uint8Array> {
  const source = await storage.open(path);
  return new Uint8Array(await source.read(0, source.size));
}
async function paths(storage: FileStorage): Promise<string[]> {
  const found: string[] = [];
  for await (const { path } of storage.list('')) found.push(path);
  return found;
}

describe('performStoredTask', () => {
  it('protects a file in place under its new name, and takes the protection off again', async () => {
    const storage = memoryStorage();
    await put(storage, 'share/deep/report.txt', text);
    const outcome = await perform(storage, 'share/deep/report.txt', settingsOf('protect'));
    expect(outcome).toMatchObject({ status: 'done', output: 'share/deep/report.ptxt', bytesIn: text.length });
    expect(await paths(storage)).toEqual(['share/deep/report.ptxt']);
    const opened = await open(await read(storage, 'share/deep/report.ptxt'), { service });
    expect(await opened.bytes()).toEqual(text);
    const undone = await perform(storage, 'share/deep/report.ptxt', settingsOf('unprotect'));
    expect(undone).toMatchObject({ status: 'done', output: 'share/deep/report.txt' });
    expect(await paths(storage)).toEqual(['share/deep/report.txt']);
    expect(await read(storage, 'share/deep/report.txt')).toEqual(text);
  });

  it('protects an Office document in place under its own name, and gives it another policy', async () => {
    const storage = memoryStorage();
    await put(storage, 'share/budget.xlsx', workbook);
    const first = await perform(storage, 'share/budget.xlsx', settingsOf('protect'));
    expect(first).toMatchObject({ status: 'done', output: 'share/budget.xlsx', facts: { format: 'office' } });
    const second = await perform(storage, 'share/budget.xlsx', settingsOf('reprotect'));
    expect(second.status).toBe('done');
    expect(second.contentId).not.toBe(first.contentId);
    const opened = await open(await read(storage, 'share/budget.xlsx'), { service });
    expect(opened.contentId).toBe(second.contentId);
    expect(await opened.bytes()).toEqual(new Uint8Array(workbook));
  });

  it('writes the same tree elsewhere and leaves the originals', async () => {
    const storage = memoryStorage();
    await put(storage, 'share/deep/report.txt', text);
    const settings = settingsOf('protect', { inPlace: false, out: 'protected/' });
    await perform(storage, 'share/deep/report.txt', settings);
    expect((await paths(storage)).sort()).toEqual(['protected/deep/report.ptxt', 'share/deep/report.txt']);
    const opening = settingsOf('open', { inPlace: false, out: 'opened' });
    await perform(storage, 'protected/deep/report.ptxt', opening);
    expect(await read(storage, 'opened/deep/report.txt')).toEqual(text);
  });

  it('passes over what is protected already, and what there is nothing to open of', async () => {
    const storage = memoryStorage();
    await put(storage, 'a/report.txt', text);
    await perform(storage, 'a/report.txt', settingsOf('protect'));
    await put(storage, 'a/plain.txt', text);
    expect(await perform(storage, 'a/report.ptxt', settingsOf('protect'))).toMatchObject({
      status: 'skipped',
      reason: 'already-protected',
    });
    for (const operation of ['unprotect', 'open', 'reprotect'] as const)
      expect(await perform(storage, 'a/plain.txt', settingsOf(operation))).toMatchObject({
        status: 'skipped',
        reason: 'not-protected',
      });
  });

  it.each(['protect', 'unprotect'] as const)(
    'finishes what an attempt at %s that died between its two steps had begun, and does nothing twice',
    async (operation) => {
      const storage = memoryStorage();
      await put(storage, 'a/report.txt', text);
      if (operation === 'unprotect') await perform(storage, 'a/report.txt', settingsOf('protect'));
      const [before, after] =
        operation === 'protect' ? ['a/report.txt', 'a/report.ptxt'] : ['a/report.ptxt', 'a/report.txt'];
      const dying: FileStorage = { ...storage, remove: () => Promise.reject(new Error('killed')) };
      expect((await perform(dying, before, settingsOf(operation))).status).toBe('failed');
      const made = await read(storage, after);
      expect(await paths(storage)).toHaveLength(2);
      const finished = await perform(storage, before, settingsOf(operation), true);
      expect(finished).toMatchObject({ status: 'done', output: after, finishedEarlier: true });
      expect(await paths(storage)).toEqual([after]);
      expect(await read(storage, after)).toEqual(made);
      // And once more, when only the word that it was done had been lost.
      expect(await perform(storage, before, settingsOf(operation), true)).toMatchObject({
        status: 'done',
        finishedEarlier: true,
      });
      expect(await read(storage, after)).toEqual(made);
    },
  );

  it.each(['protect', 'unprotect'] as const)(
    'never removes a file after a crash at %s because another one has the name of its output',
    async (operation) => {
      const storage = memoryStorage();
      await put(storage, 'a/report.txt', text.slice().reverse());
      await perform(storage, 'a/report.txt', settingsOf('protect'));
      await put(storage, 'a/report.txt', text);
      const [before, other] =
        operation === 'protect' ? ['a/report.txt', 'a/report.ptxt'] : ['a/report.ptxt', 'a/report.txt'];
      const kept = [await read(storage, before), await read(storage, other)];
      expect(await perform(storage, before, settingsOf(operation), true)).toMatchObject({
        status: 'failed',
        error: { code: 'OUTPUT_EXISTS' },
      });
      expect([await read(storage, before), await read(storage, other)]).toEqual(kept);
    },
  );

  it('knows its own work on an Office document again', async () => {
    const storage = memoryStorage();
    await put(storage, 'a/budget.xlsx', workbook);
    const first = await perform(storage, 'a/budget.xlsx', settingsOf('protect'));
    expect(await perform(storage, 'a/budget.xlsx', settingsOf('protect'), true)).toMatchObject({
      status: 'done',
      contentId: first.contentId,
      finishedEarlier: true,
    });
  });

  it('fails a file that is gone or taken, and leaves what is there', async () => {
    const storage = memoryStorage();
    expect(await perform(storage, 'a/none.txt', settingsOf('protect'))).toMatchObject({
      status: 'failed',
      error: { code: 'FILE_NOT_FOUND' },
    });
    await put(storage, 'a/report.txt', text);
    await put(storage, 'a/report.ptxt', text);
    expect(await perform(storage, 'a/report.txt', settingsOf('protect'))).toMatchObject({
      status: 'failed',
      error: { code: 'OUTPUT_EXISTS' },
    });
    expect(await read(storage, 'a/report.txt')).toEqual(text);
    expect(await read(storage, 'a/report.ptxt')).toEqual(text);
  });

  it('ends with the reason of the signal', async () => {
    const storage = memoryStorage();
    await put(storage, 'a/report.txt', text);
    const signal = AbortSignal.abort(new Error('enough'));
    const task = taskOf('a/report.txt', settingsOf('protect'));
    await expect(performStoredTask(task, { service, signal }, storage)).rejects.toThrow('enough');
    expect(await paths(storage)).toEqual(['a/report.txt']);
  });
});
