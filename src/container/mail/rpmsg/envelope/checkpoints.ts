import type { BlockPlace } from './block-table.ts';

/** A block, and the bytes before it that its packed bytes may refer to. */
export interface Checkpoint extends BlockPlace {
  readonly history: Uint8Array;
}

/** Places where unpacking can begin anew. */
export interface Checkpoints {
  /** Keeps a place if it is far enough behind those that are kept. */
  offer(place: BlockPlace, history: () => Uint8Array): void;
  /** The nearest place kept that is at or before an unpacked offset. */
  before(plain: number): Checkpoint | undefined;
}

/** Places kept; with 32 KiB of history each, 2 MiB. */
const mostKept = 64;
/** Unpacked bytes between two places, to begin with. */
const firstDistance = 1024 * 1024;

/** Keeps places that are spread over all that was unpacked: where they become too many, every second one goes. */
export function checkpoints(): Checkpoints {
  let kept: Checkpoint[] = [];
  let distance = firstDistance;

  /** How many of those kept are at or before `plain`. */
  function countBefore(plain: number): number {
    let [low, high] = [0, kept.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((kept[middle] as Checkpoint).plain <= plain) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    offer(place, history) {
      const index = countBefore(place.plain);
      const previous = kept[index - 1]?.plain ?? 0;
      const following = kept[index]?.plain ?? Number.POSITIVE_INFINITY;
      if (place.plain - previous < distance || following - place.plain < distance) return;
      kept.splice(index, 0, { ...place, history: history() });
      if (kept.length <= mostKept) return;
      kept = kept.filter((_, each) => each % 2 === 1);
      distance *= 2;
    },
    before: (plain) => kept[countBefore(plain) - 1],
  };
}
