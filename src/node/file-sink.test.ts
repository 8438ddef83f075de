import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileSink } from './file-sink.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealwright-sink-'));
});
afterAll(() => rm(folder, { recursive: true }));

// A small file is written with blocking calls, others in the background.
describe.each([6, undefined])('A file as a sink of bytes, of which %s are expected', (expectedSize) => {
  it('puts bytes one after the other, and back where it is told', async () => {
    const path = join(folder, `new-${expectedSize}`);
    const sink = await createFileSink(path, { expectedSize });
    await sink.write(new Uint8Array([1, 2, 3]));
    await sink.write(new Uint8Array(0));
    await Promise.all([sink.write(new Uint8Array([4, 5])), sink.write(new Uint8Array([6]))]);
    await sink.writeAt(1, new Uint8Array([9]));
    expect(sink.length).toBe(6);
    await sink.sync();
    await sink.close();
    expect([...(await readFile(path))]).toEqual([1, 9, 3, 4, 5, 6]);
  });
});

describe('Creating a file as a sink', () => {
  it('creates a file that only its user may read, and never touches one that exists', async () => {
    const path = join(folder, 'private');
    const sink = await createFileSink(path);
    await sink.close();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await expect(createFileSink(path)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS', details: { path } });
  });

  it('says that the folder is missing', async () => {
    const path = join(folder, 'no', 'file');
    await expect(createFileSink(path)).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: `${path} cannot be written because its folder does not exist: create the folder first.`,
    });
  });

  it('says that a folder is no file', async () => {
    const path = join(folder, 'folder');
    await mkdir(path);
    await expect(createFileSink(path, { existing: true })).rejects.toMatchObject({ code: 'NOT_A_FILE' });
  });

  it('says that a name is too long for the disk', async () => {
    await expect(createFileSink(join(folder, 'x'.repeat(300)))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('names the file that is meant, not the temporary one', async () => {
    const path = join(folder, 'temporary');
    await writeFile(path, '');
    await expect(createFileSink(path, { reportedPath: 'report.txt' })).rejects.toThrow(/^report\.txt exists/);
  });

  it('stops with the reason of the signal and writes no more', async () => {
    const path = join(folder, 'aborted');
    const sink = await createFileSink(path);
    await expect(async () =>
      sink.write(new Uint8Array(10), { signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough');
    await sink.close();
    expect((await stat(path)).size).toBe(0);
  });
});

describe.skipIf(!existsSync('/dev/full'))('A full disk (needs /dev/full)', () => {
  it('is reported with what was needed, and the cause kept', async () => {
    const sink = await createFileSink('/dev/full', {
      existing: true,
      reportedPath: 'big.bin',
      expectedSize: 5e9,
    });
    await expect(sink.write(new Uint8Array(1000))).rejects.toMatchObject({
      code: 'NO_SPACE',
      message: expect.stringMatching(
        /^big\.bin cannot be written because the disk is full \(5\.0 GB needed.*\): make room/,
      ),
      details: { path: 'big.bin' },
      cause: { code: 'ENOSPC' },
    });
    await sink.close();
  });
});
