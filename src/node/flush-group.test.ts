import * as fs from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFlushGroup } from './flush-group.ts';
import { protectFile } from './protect-file.ts';
import { makeTestService } from './test/service.ts';

/** Flushes that were asked of the system and have not come back, with what lets them come back. */
const asked: { readonly descriptor: number; readonly end: (error: Error | null) => void }[] = [];
const state = vi.hoisted(() => ({ held: false, calls: [] as string[] }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  return {
    ...real,
    fsync: (descriptor: number, done: (error: Error | null) => void) => {
      state.calls.push('fsync');
      if (state.held) asked.push({ descriptor, end: done });
      else real.fsync(descriptor, done);
    },
    linkSync: (from: string, to: string) => {
      state.calls.push('link');
      real.linkSync(from, to);
    },
  };
});

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealwright-flush-'));
  asked.length = 0;
  state.calls.length = 0;
  state.held = true;
});
afterEach(async () => {
  state.held = false;
  await rm(folder, { recursive: true, force: true });
});

describe('A group of flushes', () => {
  test('lets files overlap up to its bound, first come first served', async () => {
    const group = createFlushGroup({ atOnce: 2 });
    const done: number[] = [];
    for (const descriptor of [11, 12, 13]) void group.file(descriptor).then(() => done.push(descriptor));
    await turns();
    expect(asked.map(({ descriptor }) => descriptor)).toEqual([11, 12]);
    asked[1]?.end(null);
    await turns();
    expect(done).toEqual([12]);
    expect(asked.map(({ descriptor }) => descriptor)).toEqual([11, 12, 13]);
  });

  test('passes the error of the system on and goes on with the next', async () => {
    const group = createFlushGroup({ atOnce: 1 });
    const first = group.file(11);
    const second = group.file(12);
    await turns();
    asked[0]?.end(Object.assign(new Error('EIO'), { code: 'EIO' }));
    await expect(first).rejects.toMatchObject({ code: 'EIO' });
    await turns();
    asked[1]?.end(null);
    await second;
  });

  test('flushes a folder once for all who come while it is being flushed, and not with the flush under way', async () => {
    const group = createFlushGroup({ atOnce: 4 });
    const done: string[] = [];
    const flush = (who: string) => group.folder(folder).then(() => done.push(who));
    const first = flush('first');
    await turns();
    expect(asked).toHaveLength(1);
    const later = [flush('second'), flush('third')];
    await turns();
    expect(asked).toHaveLength(1);
    asked[0]?.end(null);
    await first;
    await turns();
    // The names of the second and third may have come too late for the first flush.
    expect(done).toEqual(['first']);
    expect(asked).toHaveLength(2);
    asked[1]?.end(null);
    await Promise.all(later);
    expect(asked).toHaveLength(2);
  });

  test('those who come in one turn share the first flush', async () => {
    const group = createFlushGroup();
    const flushes = [group.folder(folder), group.folder(folder), group.folder(folder)];
    await turns();
    asked[0]?.end(null);
    await Promise.all(flushes);
    expect(asked).toHaveLength(1);
  });

  test('a folder flush that waits in the queue for its turn takes others in', async () => {
    const group = createFlushGroup({ atOnce: 1 });
    const file = group.file(11);
    const first = group.folder(folder);
    await turns();
    const second = group.folder(folder);
    asked[0]?.end(null);
    await file;
    await turns();
    asked[1]?.end(null);
    await Promise.all([first, second]);
    expect(asked).toHaveLength(2);
  });

  test.each([0, -1, Number.NaN])('a bound of %s is refused', (atOnce) => {
    expect(() => createFlushGroup({ atOnce })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  test('a folder that cannot be flushed is not an error', async () => {
    state.held = false;
    await expect(createFlushGroup().folder(join(folder, 'missing'))).resolves.toBeUndefined();
  });
});

describe('Writing a file', () => {
  const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] };

  test.each([
    ['alone', undefined],
    ['in a group', createFlushGroup()],
  ])('%s flushes the content before the name is given and the folder after it', async (_, flush) => {
    state.held = false;
    const path = join(folder, 'a.txt');
    await writeFile(path, 'content');
    const service = await makeTestService();
    await protectFile(path, { service, policy, flush });
    expect(state.calls).toEqual(['fsync', 'link', 'fsync']);
  });

  test('flushes nothing if it need not be durable', async () => {
    state.held = false;
    const path = join(folder, 'a.txt');
    await writeFile(path, 'content');
    const service = await makeTestService();
    await protectFile(path, { service, policy, durable: false, flush: createFlushGroup() });
    expect(state.calls).toEqual(['link']);
  });

  test('fails if the content cannot be flushed, and leaves nothing behind', async () => {
    const path = join(folder, 'a.txt');
    await writeFile(path, 'content');
    const service = await makeTestService();
    const failing = {
      file: () => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' })),
      folder: async () => {},
    };
    await expect(protectFile(path, { service, policy, flush: failing })).rejects.toMatchObject({
      code: 'IO_FAILED',
    });
    expect(fs.readdirSync(folder)).toEqual(['a.txt']);
  });
});
