import { describe, expect, it } from 'vitest';
import { noEntry, redBlackTree } from './red-black.ts';

/** Black nodes on each way down, and the nodes in order; throws at a red node below a red one. */
function walk(count: number): {
  readonly order: number[];
  readonly blackHeights: Set<number>;
  depth: number;
} {
  const { top, left, right, red } = redBlackTree(count);
  const order: number[] = [];
  const blackHeights = new Set<number>();
  let deepest = 0;
  const visit = (node: number, parentRed: boolean, black: number, depth: number): void => {
    deepest = Math.max(deepest, depth);
    if (node === noEntry) {
      blackHeights.add(black);
      return;
    }
    const isRed = red[node] === 1;
    if (isRed && parentRed) throw new Error(`red below red at ${node} of ${count}`);
    const next = black + (isRed ? 0 : 1);
    visit(left[node] as number, isRed, next, depth + 1);
    order.push(node);
    visit(right[node] as number, isRed, next, depth + 1);
  };
  visit(top, true, 0, 0);
  return { order, blackHeights, depth: deepest };
}

const counts = [...Array.from({ length: 70 }, (_, count) => count), 126, 127, 128, 1000, 4095, 4096, 65_536];

describe('the tree of a storage', () => {
  it.each(counts)(
    'of %i entries is in order, as shallow as can be, and red-black with one black height',
    (count) => {
      const { order, blackHeights, depth } = walk(count);
      expect(order).toEqual(Array.from({ length: count }, (_, index) => index));
      expect(blackHeights.size).toBe(1);
      expect(depth).toBe(Math.ceil(Math.log2(count + 1)));
    },
  );
});
