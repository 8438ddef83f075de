import { expect, test } from 'vitest';
import { giveBack, giveBackWaiting } from './native-result.ts';

const result = (length: number) => new Uint8Array(length).fill(1);

test('the memory of results goes back when enough of them are together', () => {
  const results = Array.from({ length: 16 }, () => result(8 * 1024));
  for (const each of results) giveBack(each);
  expect(results.map(({ length }) => length)).toEqual(results.map(() => 0));
});

test('what waits for others goes back when a key is wiped', () => {
  const one = result(8 * 1024);
  giveBack(one);
  giveBackWaiting();
  expect(one.length).toBe(0);
});

test('a part of a larger buffer, and what is not worth it, stays as it is', () => {
  const part = result(16 * 1024).subarray(0, 8 * 1024);
  const large = result(256 * 1024);
  for (const each of [part, large]) giveBack(each);
  giveBackWaiting();
  expect([part.length, large.length]).toEqual([8 * 1024, 256 * 1024]);
});
