import { expect, it } from 'vitest';
import { formatBytes } from './format-bytes.ts';

it('writes bytes for people, in powers of 1000', () => {
  const written = [0, 999, 1000, 1500, 99_949, 123_456, 999_950, 5e9, 7.2e15].map(formatBytes);
  expect(written).toEqual([
    '0 bytes',
    '999 bytes',
    '1.0 kB',
    '1.5 kB',
    '99.9 kB',
    '123 kB',
    '1.0 MB',
    '5.0 GB',
    '7.2 PB',
  ]);
});
