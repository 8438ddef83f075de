import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeWholeFile } from './write-whole-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealwright-whole-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const part = (text: string): Uint8Array => new TextEncoder().encode(text);

it('writes all parts to a file that only its user may read', async () => {
  const path = join(folder, 'a');
  expect(await writeWholeFile(path, [part('one '), part('two')])).toBe(7);
  expect(readFileSync(path, 'utf8')).toBe('one two');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('replaces a file only when told to', async () => {
  const path = join(folder, 'a');
  await writeWholeFile(path, [part('old')]);
  await expect(writeWholeFile(path, [part('new')])).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
  await writeWholeFile(path, [part('new')], { overwrite: true });
  expect(readFileSync(path, 'utf8')).toBe('new');
});

it('leaves nothing behind when its content fails half-way', async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield part('half');
    throw new Error('no more');
  }
  await expect(writeWholeFile(join(folder, 'a'), failing())).rejects.toThrow('no more');
  expect(readdirSync(folder)).toEqual([]);
});
