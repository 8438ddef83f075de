/** Several statements wait for one database: who listens is told once that it is away, and once that it is back. */
export function toldOnce(
  listener: ((away: boolean) => void) | undefined,
): ((away: boolean) => void) | undefined {
  if (listener === undefined) return undefined;
  let waiting = 0;
  return (away) => {
    waiting += away ? 1 : -1;
    if (away ? waiting === 1 : waiting === 0) listener(away);
  };
}
