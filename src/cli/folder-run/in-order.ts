/** Puts what comes in any order, numbered from 0, into order again. */
export interface InOrder<Item> {
  /** Takes the next; `undefined` has no place in the order and is given at once. */
  readonly take: (number: number | undefined, item: Item) => Promise<void>;
  /** Gives what is left, though numbers before it never came. */
  readonly end: () => Promise<void>;
}

/**
 * Gives items in the order of their numbers, holding back at most `most` that wait for an earlier one. If there are more, the
 * order is given up for those that wait: a line out of its place is better than memory without bounds.
 */
export function inOrder<Item>(most: number, give: (item: Item) => Promise<void>): InOrder<Item> {
  const waiting = new Map<number, Item>();
  let next = 0;
  let giving: Promise<void> = Promise.resolve();
  const giveInTurn = (item: Item): void => {
    giving = giving.then(() => give(item));
  };
  const giveAll = (): void => {
    const numbers = [...waiting.keys()].sort((a, b) => a - b);
    for (const number of numbers) giveInTurn(waiting.get(number) as Item);
    next = Math.max(next, (numbers.at(-1) ?? -1) + 1);
    waiting.clear();
  };
  return {
    take(number, item) {
      if (number === undefined || number < next) giveInTurn(item);
      else {
        waiting.set(number, item);
        for (let there = waiting.has(next); there; there = waiting.has(next)) {
          giveInTurn(waiting.get(next) as Item);
          waiting.delete(next++);
        }
        if (waiting.size > most) giveAll();
      }
      return giving;
    },
    end() {
      giveAll();
      return giving;
    },
  };
}
