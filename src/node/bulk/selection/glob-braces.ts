/** Where a `[...]` ends that begins at `at`: behind its `]`, or `at` if it is no set. */
export function endOfSet(text: string, at: number): number {
  let end = at + 1;
  if (text[end] === '!' || text[end] === '^') end++;
  // A "]" right at the beginning stands for itself.
  if (text[end] === ']') end++;
  for (; end < text.length; end++) {
    if (text[end] === '\\') end++;
    else if (text[end] === '/') return at;
    else if (text[end] === ']') return end + 1;
  }
  return at;
}

/** The first `{a,b}` of a pattern: where it begins and ends, and what stands between its commas. */
interface Braces {
  readonly start: number;
  readonly end: number;
  readonly parts: readonly string[];
}

function firstBraces(text: string): Braces | undefined {
  // Positions of braces that are open, each with the commas seen in it.
  const open: { readonly at: number; readonly commas: number[] }[] = [];
  let found: Braces | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '[') at = Math.max(at, endOfSet(text, at) - 1);
    else if (character === '{') open.push({ at, commas: [] });
    else if (character === ',') open.at(-1)?.commas.push(at);
    else if (character === '}') {
      const group = open.pop();
      if (group === undefined || group.commas.length === 0) continue;
      // The outermost counts; what is around it and never closed stands for itself.
      if (found === undefined || group.at < found.start)
        found = { start: group.at, end: at + 1, parts: partsOf(text, group, at) };
    }
  }
  return found;
}

function partsOf(text: string, { at, commas }: { at: number; commas: readonly number[] }, end: number) {
  const edges = [at, ...commas, end];
  return edges.slice(1).map((edge, i) => text.slice((edges[i] as number) + 1, edge));
}

/**
 * A pattern without braces for each choice of alternatives, or `undefined` if there are more than `most`. Braces without
 * a comma, or without a partner, stand for themselves.
 *
 * @example
 * ```ts
 * expandBraces('*.{doc,xls}{,x}', 100); // ['*.doc', '*.docx', '*.xls', '*.xlsx']
 * ```
 */
export function expandBraces(pattern: string, most: number): readonly string[] | undefined {
  const done: string[] = [];
  const waiting = [pattern];
  for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) {
    const braces = firstBraces(text);
    if (braces === undefined) done.push(text);
    else
      for (const part of [...braces.parts].reverse())
        waiting.push(text.slice(0, braces.start) + part + text.slice(braces.end));
    if (done.length + waiting.length > most) return undefined;
  }
  return done;
}
