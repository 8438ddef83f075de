/** Longest name that is compared; nobody mistypes a longer one. */
const maxLength = 40;

/** The name that was most probably meant, or `undefined` if none is near. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  if (typed.length > maxLength) return undefined;
  const lower = typed.toLowerCase();
  let best: { readonly name: string; readonly changes: number } | undefined;
  for (const name of names) {
    const changes = changesBetween(lower, name.toLowerCase());
    if (changes <= Math.max(1, Math.floor(name.length / 3)) && (best === undefined || changes < best.changes))
      best = { name, changes };
  }
  return best?.name;
}

/** Characters to put in, leave out or replace to make one text of the other. */
function changesBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] as number) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, replaced));
    }
    row = next;
  }
  return row[other.length] as number;
}
