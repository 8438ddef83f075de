import { randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LicensingService } from '../../licensing/index.ts';
import type { ContentCarrier } from '../../protection/index.ts';
import { openFile } from '../open-file.ts';
import { protectFile } from '../protect-file.ts';
import { removeProtectionFromFile } from '../remove-protection-from-file.ts';
import { reprotectFile } from '../reprotect-file.ts';
import { makeTestService } from '../test/service.ts';
import { createWorkerPool } from '../workers/create-worker-pool.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { workerScriptFromSources } from '../workers/worker-script.test-support.ts';
import { threadedCarrier } from './threaded-carrier.ts';

const mebibyte = 1024 * 1024;
const content = randomBytes(5 * mebibyte + 12_345);
const policy = { grants: [] };

let service: LicensingService;
let pool: WorkerPool;
let jobs: number;
let folder: string;

/** A pool that counts its jobs. */
function counted(made: WorkerPool): WorkerPool {
  return {
    ...made,
    get available() {
      return made.available;
    },
    run(...given) {
      jobs++;
      return made.run(...given);
    },
  };
}

beforeAll(async () => {
  service = await makeTestService();
  pool = counted(createWorkerPool({ threads: 2, script: await workerScriptFromSources() }));
});
afterAll(() => pool.close(true));
beforeEach(() => {
  jobs = 0;
  folder = mkdtempSync(join(tmpdir(), 'sealwright-threads-'));
  writeFileSync(join(folder, 'film.bin'), content);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const threads = (): ContentCarrier =>
  threadedCarrier(pool, { smallest: mebibyte, windowLength: mebibyte / 4 });
const alone = { threads: 0 } as const;

test('What threads protect, one thread opens, and the reverse', async () => {
  for (const cipherMode of ['SEALWRIGHT.GCM64K', 'MICROSOFT.CBC4K'] as const) {
    await protectFile(at('film.bin'), {
      service,
      policy,
      cipherMode,
      carrier: threads(),
      to: at('by-threads.pfile'),
    });
    expect(jobs).toBeGreaterThan(2);
    await protectFile(at('film.bin'), { service, policy, cipherMode, ...alone, to: at('alone.pfile') });
    await removeProtectionFromFile(at('by-threads.pfile'), { service, ...alone, to: at('1.bin') });
    await removeProtectionFromFile(at('alone.pfile'), { service, carrier: threads(), to: at('2.bin') });
    expect(readFileSync(at('1.bin')).equals(content)).toBe(true);
    expect(readFileSync(at('2.bin')).equals(content)).toBe(true);
    for (const name of ['by-threads.pfile', 'alone.pfile', '1.bin', '2.bin']) rmSync(at(name));
  }
});

test('A file that is protected anew by threads opens with the new license', async () => {
  await protectFile(at('film.bin'), { service, policy, ...alone });
  await reprotectFile(at('film.bin.pfile'), { service, policy, carrier: threads(), inPlace: true });
  const opened = await openFile(at('film.bin.pfile'), { service, carrier: threads() });
  await opened.saveTo(at('again.bin'));
  await opened.close();
  expect(readFileSync(at('again.bin')).equals(content)).toBe(true);
});

test('Progress rises to the size of the content', async () => {
  const seen: number[] = [];
  await protectFile(at('film.bin'), {
    service,
    policy,
    carrier: threads(),
    onProgress(done, total) {
      expect(total).toBe(content.length);
      seen.push(done);
    },
  });
  expect(seen.length).toBeGreaterThan(2);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(content.length);
});

test('A bit that is changed anywhere in a large file is refused, by threads as by one', async () => {
  const { path } = await protectFile(at('film.bin'), { service, policy, carrier: threads() });
  const protectedSize = readFileSync(path).length;
  const begin = protectedSize - content.length - 16 * Math.ceil(content.length / 65_536);
  const places = [begin + 1, begin + 65_552, begin + 2 * mebibyte, protectedSize - 70_000, protectedSize - 1];
  for (const place of places) {
    const original = readFileSync(path);
    const changed = Buffer.from(original);
    changed[place] = (changed[place] as number) ^ 1;
    writeFileSync(path, changed);
    for (const options of [alone, { carrier: threads() }])
      await expect(
        removeProtectionFromFile(path, { service, to: at('never.bin'), ...options }),
        `byte ${place}`,
      ).rejects.toMatchObject({ code: 'DECRYPTION_FAILED' });
    writeFileSync(path, original);
  }
  expect(readdirSync(folder).sort()).toEqual(['film.bin', 'film.bin.pfile']);
});

test('A large file that was cut between two segments is refused', async () => {
  const { path } = await protectFile(at('film.bin'), { service, policy, carrier: threads() });
  const size = readFileSync(path).length;
  const lastSegment = (content.length % 65_536) + 16;
  truncateSync(path, size - lastSegment);
  for (const options of [alone, { carrier: threads() }])
    await expect(
      removeProtectionFromFile(path, { service, to: at('never.bin'), ...options }),
    ).rejects.toMatchObject({ code: 'DECRYPTION_FAILED' });
  expect(readdirSync(folder).sort()).toEqual(['film.bin', 'film.bin.pfile']);
});

test('An abort in the middle leaves no output, and nothing goes on', async () => {
  const controller = new AbortController();
  const outcome = protectFile(at('film.bin'), {
    service,
    policy,
    carrier: threads(),
    signal: controller.signal,
    onProgress: () => controller.abort(new Error('enough')),
  });
  await expect(outcome).rejects.toThrow('enough');
  expect(readdirSync(folder)).toEqual(['film.bin']);
  const after = jobs;
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(jobs).toBe(after);
});

test('A file that is closed while threads open it is refused, and nothing of it stays', async () => {
  await protectFile(at('film.bin'), { service, policy, carrier: threads() });
  const opened = await openFile(at('film.bin.pfile'), { service, carrier: threads() });
  const saving = opened.saveTo(at('saved.bin'), { onProgress: () => void opened.close() });
  await expect(saving).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await opened.close();
  expect(readdirSync(folder).sort()).toEqual(['film.bin', 'film.bin.pfile']);
});

test('Content that expires while threads open it is refused', async () => {
  await protectFile(at('film.bin'), { service, policy, carrier: threads() });
  const until = new Date('2030-01-01T00:00:00Z');
  const limited: LicensingService = {
    ...service,
    acquireUseLicense: async (...given) => ({
      ...(await service.acquireUseLicense(...given)),
      contentValidUntil: until,
    }),
  };
  let now = new Date(until.getTime() - 1);
  const opening = removeProtectionFromFile(at('film.bin.pfile'), {
    service: limited,
    carrier: threads(),
    to: at('late.bin'),
    now: () => now,
    onProgress: () => {
      now = until;
    },
  });
  await expect(opening).rejects.toMatchObject({ code: 'ACCESS_DENIED', details: { rule: 'expired' } });
  expect(readdirSync(folder).sort()).toEqual(['film.bin', 'film.bin.pfile']);
});

test('A thread that ends in the middle fails the file, leaves the original and no output, and is replaced', async () => {
  const script = await workerScriptFromSources(new URL('./crashing-worker.test-support.ts', import.meta.url));
  const crashing = counted(createWorkerPool({ threads: 2, script }));
  const carrier = threadedCarrier(crashing, { smallest: mebibyte });
  try {
    for (let n = 0; n < 3; n++) {
      await expect(
        protectFile(at('film.bin'), { service, policy, carrier, inPlace: true }),
      ).rejects.toMatchObject({ code: 'WORKER_FAILED' });
      expect(readdirSync(folder)).toEqual(['film.bin']);
      expect(readFileSync(at('film.bin')).equals(content)).toBe(true);
    }
    expect(crashing.available).toBe(true);
  } finally {
    await crashing.close(true);
  }
});

test('Without a script, or with one that does not start, one thread does it', async () => {
  const broken = at('broken.mjs');
  writeFileSync(broken, 'throw new Error("no"); "sealwright-worker-1"');
  for (const script of [new URL('file:///nowhere/worker.js'), pathToFileURL(broken)]) {
    const none = createWorkerPool({ threads: 2, script });
    const { path } = await protectFile(at('film.bin'), {
      service,
      policy,
      carrier: threadedCarrier(none, { smallest: 1 }),
      to: at('protected.pfile'),
    });
    await removeProtectionFromFile(path, { service, ...alone, to: at('opened.bin') });
    expect(readFileSync(at('opened.bin')).equals(content)).toBe(true);
    rmSync(path);
    rmSync(at('opened.bin'));
  }
});

test('While threads start, this one does the work, and does not wait for them when nothing is left', async () => {
  const slow = at('slow.mjs');
  writeFileSync(slow, 'setInterval(() => {}, 1000); "sealwright-worker-1"');
  const never = createWorkerPool({ threads: 2, script: pathToFileURL(slow) });
  try {
    const { path } = await protectFile(at('film.bin'), {
      service,
      policy,
      carrier: threadedCarrier(never, { smallest: 1, windowLength: mebibyte / 4 }),
    });
    expect(never.starting).toBe(true);
    await removeProtectionFromFile(path, { service, ...alone, to: at('opened.bin') });
    expect(readFileSync(at('opened.bin')).equals(content)).toBe(true);
  } finally {
    await never.close(true);
  }
});

test('A file that shrinks while threads read it fails, and leaves no output', async () => {
  const outcome = protectFile(at('film.bin'), {
    service,
    policy,
    carrier: threads(),
    onProgress: () => truncateSync(at('film.bin'), mebibyte),
  });
  await expect(outcome).rejects.toMatchObject({ code: 'IO_FAILED', details: { path: at('film.bin') } });
  expect(readdirSync(folder)).toEqual(['film.bin']);
});

test('Twenty large files at once stay within bounded memory', async () => {
  const large = openSync(at('large.bin'), 'w');
  for (let n = 0; n < 2; n++) writeSync(large, content);
  closeSync(large);
  for (let n = 0; n < 20; n++) {
    mkdirSync(at(`${n}`));
    copyFileSync(at('large.bin'), at(`${n}/large.bin`));
  }
  await protectFile(at('large.bin'), { service, policy, carrier: threads() });
  const before = process.memoryUsage().rss;
  let most = before;
  const watching = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 5);
  await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      protectFile(at(`${n}/large.bin`), { service, policy, carrier: threads(), inPlace: true }),
    ),
  );
  clearInterval(watching);
  // Twenty times the buffers of one content would be 100 MiB.
  expect(most - before).toBeLessThan(64 * mebibyte);
  await removeProtectionFromFile(at('19/large.bin.pfile'), {
    service,
    carrier: threads(),
    to: at('opened.bin'),
  });
  expect(readFileSync(at('opened.bin')).subarray(0, content.length).equals(content)).toBe(true);
});

test('A wrong number of threads is refused', async () => {
  for (const wrong of [-1, 1.5, Number.NaN])
    await expect(protectFile(at('film.bin'), { service, policy, threads: wrong })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
});
