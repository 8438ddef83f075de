import { wholeSegments } from '../../protection/index.ts';

const mebibyte = 1024 * 1024;

/**
 * Bytes of a window. Chained modes get faster with the number of segments in a window; for the others a larger
 * one only leaves the processor's caches.
 */
const windowLengths = { chained: 2 * mebibyte, other: mebibyte } as const;

/** Most bytes of a range: some 10 milliseconds of work, against which handing it out is nothing. */
const longestRange = 16 * mebibyte;

/** How a content is cut: ranges of whole windows, windows of whole segments. */
export interface RangePlan {
  readonly windowLength: number;
  readonly rangeLength: number;
}

/**
 * Cuts `size` bytes so that a slow thread does not hold up the others: several ranges for each of `threads`.
 *
 * @param wanted bytes of a window, about
 */
export function planRanges(
  size: number,
  threads: number,
  { segmentLength, chained }: { readonly segmentLength: number; readonly chained: boolean },
  wanted: number = chained ? windowLengths.chained : windowLengths.other,
): RangePlan {
  const windowLength = wholeSegments(wanted, segmentLength);
  const share = Math.min(longestRange, size / (threads * 4));
  return { windowLength, rangeLength: wholeSegments(share, windowLength) };
}
