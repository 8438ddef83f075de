import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeFolder } from './make-folder.ts';

const state = vi.hoisted(() => ({ opened: [] as string[], flushed: 0 }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  return {
    ...real,
    openSync: (path: string, flags: string) => {
      state.opened.push(path);
      return real.openSync(path, flags);
    },
    fsyncSync: (descriptor: number) => {
      state.flushed++;
      real.fsyncSync(descriptor);
    },
  };
});

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'sealwright-made-'));
  state.opened.length = 0;
  state.flushed = 0;
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

test('every folder that got a new name is flushed, and no other', () => {
  makeFolder(join(folder, 'a', 'b', 'c'), true);
  expect(fs.existsSync(join(folder, 'a', 'b', 'c'))).toBe(true);
  expect(state.opened).toEqual([join(folder, 'a', 'b'), join(folder, 'a'), folder]);
  expect(state.flushed).toBe(3);
});

test('a folder that is there costs no flush', () => {
  makeFolder(folder, true);
  expect(state.opened).toEqual([]);
});

test('nothing is flushed if it need not be durable', () => {
  makeFolder(join(folder, 'a', 'b'), false);
  expect(fs.existsSync(join(folder, 'a', 'b'))).toBe(true);
  expect(state.flushed).toBe(0);
});

test('a folder at a relative path is flushed, too', () => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    makeFolder(join('x', 'y'), true);
  } finally {
    process.chdir(before);
  }
  expect(state.flushed).toBe(2);
});
