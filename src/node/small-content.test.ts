import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FileSource, openFileSource } from './file-source.ts';
import { wholeContent } from './small-content.ts';
import { smallFileLength } from './small-file.ts';

let folder: string;
let reads: number[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealwright-content-'));
  reads = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A file of `length` bytes that notes how much is read of it. */
async function opened(length: number): Promise<FileSource> {
  const path = join(folder, 'file');
  writeFileSync(
    path,
    Uint8Array.from({ length }, (_, i) => i),
  );
  const source = await openFileSource(path);
  return {
    ...source,
    readInto(offset, target, options) {
      reads.push(target.length);
      return source.readInto(offset, target, options);
    },
  };
}

test('a small file is read once, whatever is looked at', async () => {
  const source = await opened(1000);
  const content = wholeContent(source);
  expect(reads).toEqual([]);
  expect(await content.read(10, 3)).toEqual(Uint8Array.of(10, 11, 12));
  expect(await content.slice(100).read(1, 2)).toEqual(Uint8Array.of(101, 102));
  expect(await content.read(999, 10)).toEqual(Uint8Array.of(999 % 256));
  expect((await content.read(1000, 10)).length).toBe(0);
  expect(reads).toEqual([1000]);
  await source.close();
});

test('a larger file is read as it is asked for', async () => {
  const source = await opened(smallFileLength + 1);
  expect(wholeContent(source)).toBe(source);
  await source.close();
});

test('reading ends with the reason of the signal', async () => {
  const source = await opened(10);
  const reason = new Error('enough');
  expect(() => wholeContent(source).read(0, 1, { signal: AbortSignal.abort(reason) })).toThrow(reason);
  await source.close();
});
