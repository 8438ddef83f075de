import { expect, it } from 'vitest';
import { paddingLength } from './padding.ts';

it('accepts every right padding and no other, over all last bytes and all single faults', () => {
  for (let last = 0; last < 256; last++) {
    const block = new Uint8Array(16).fill(last);
    const right = last >= 1 && last <= 16;
    expect(paddingLength(block)).toBe(right ? last : 0);
    for (let at = 0; at < 15; at++) {
      const faulty = block.slice();
      faulty[at] = (faulty[at] as number) ^ 0x80;
      expect(paddingLength(faulty)).toBe(right && at < 16 - last ? last : 0);
    }
  }
});
