/** Lets one piece of work through at a time, in the order in which they came. */
export type Turnstile = <T>(work: () => Promise<T>) => Promise<T>;

export function createTurnstile(): Turnstile {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    // The next one does not care how this one ended.
    last = turn.catch(() => undefined);
    return turn;
  };
}
