/** "No entry" where a directory entry names a sibling or child, [MS-CFB] 2.6.1. */
export const noEntry = 0xffff_ffff;

/** The links of a search tree over `0 .. count - 1`; {@link noEntry} where there is none. */
export interface RedBlackTree {
  readonly top: number;
  readonly left: Uint32Array;
  readonly right: Uint32Array;
  /** 1 for a red node. */
  readonly red: Uint8Array;
}

/**
 * A balanced red-black tree over `count` nodes that are in order: the middle one on top, and so on in both
 * halves. All levels but the last are full then. So the nodes of an unfinished last level are red and all
 * others black: no red node has a red child, and each way down has as many black nodes ([MS-CFB] 2.6.4 asks
 * for the former, strict readers for both).
 *
 * @param count nodes; the arrays of the result have as many elements
 */
export function redBlackTree(count: number): RedBlackTree {
  const left = new Uint32Array(count).fill(noEntry);
  const right = new Uint32Array(count).fill(noEntry);
  const red = new Uint8Array(count);
  const lastLevel = 31 - Math.clz32(count + 1);

  // As deep as the tree, and that is the logarithm of the count.
  function build(from: number, to: number, level: number): number {
    if (from >= to) return noEntry;
    const middle = (from + to) >>> 1;
    left[middle] = build(from, middle, level + 1);
    right[middle] = build(middle + 1, to, level + 1);
    red[middle] = level === lastLevel ? 1 : 0;
    return middle;
  }
  return { top: build(0, count, 0), left, right, red };
}
