import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFileSource } from './file-source.ts';
import { wholeContent } from './small-content.ts';
import { smallFileLength } from './small-file.ts';
import { lendMemory } from './small-memory.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealwright-memory-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('memory is wiped when it is given back, and serves the next one', () => {
  const first = lendMemory(100);
  first.bytes.fill(7);
  first.giveBack();
  first.giveBack();
  expect(first.lent).toBe(false);
  const [second, third] = [lendMemory(200), lendMemory(200)];
  expect(second.bytes.buffer).toBe(first.bytes.buffer);
  expect(third.bytes.buffer).not.toBe(first.bytes.buffer);
  expect(second.bytes.every((byte) => byte === 0)).toBe(true);
  second.giveBack();
  third.giveBack();
});

test('memory for more than a small file is not kept', () => {
  const large = lendMemory(smallFileLength + 1);
  expect(large.bytes.length).toBe(smallFileLength + 1);
  large.giveBack();
  const next = lendMemory(10);
  expect(next.bytes.buffer).not.toBe(large.bytes.buffer);
  next.giveBack();
});

test('what was read of a small file is wiped when the file is closed, and is not there any more', async () => {
  const path = join(folder, 'secret.txt');
  writeFileSync(path, 'secret');
  const source = await openFileSource(path);
  const content = wholeContent(source);
  const bytes = await content.read(0, 6);
  expect(new TextDecoder().decode(bytes)).toBe('secret');
  await source.close();
  expect(bytes.every((byte) => byte === 0)).toBe(true);
  expect(() => content.read(0, 6)).toThrow();
});
