import { endOfSet } from './glob-braces.ts';

/** What one character of a name must be. */
type CharacterTest = (character: string) => boolean;

/** Any number of characters. */
const many = Symbol('*');
type Token = CharacterTest | typeof many;

/** Whether one part of a path, between two `/`, matches. */
export type SegmentTest = (name: string) => boolean;

/**
 * Makes the test for one part of a pattern: `*`, `?`, `[a-z]`, `[!a-z]`, and `\` before a character that stands for
 * itself. It takes time in proportion to the lengths of pattern and name multiplied, whatever they are.
 *
 * @returns `undefined` for a range that holds nothing, such as `[z-a]`
 */
export function segmentTest(pattern: string): SegmentTest | undefined {
  if (!/[*?[\\]/.test(pattern)) return (name) => name === pattern;
  // By far the most usual pattern needs no more than this.
  const ending = /^\*([^*?[\\]*)$/.exec(pattern)?.[1];
  if (ending !== undefined) return (name) => name.endsWith(ending);
  const tokens = tokensOf(pattern);
  return tokens && ((name) => matches(tokens, [...name]));
}

function tokensOf(pattern: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; ) {
    const character = String.fromCodePoint(pattern.codePointAt(at) as number);
    const setEnd = character === '[' ? endOfSet(pattern, at) : at;
    if (setEnd > at) {
      const test = setTest(pattern.slice(at + 1, setEnd - 1));
      if (test === undefined) return undefined;
      tokens.push(test);
      at = setEnd;
    } else if (character === '\\' && at + 1 < pattern.length) {
      const escaped = String.fromCodePoint(pattern.codePointAt(at + 1) as number);
      tokens.push((found) => found === escaped);
      at += 1 + escaped.length;
    } else {
      if (character === '*') {
        if (tokens.at(-1) !== many) tokens.push(many);
      } else tokens.push(character === '?' ? () => true : (found) => found === character);
      at += character.length;
    }
  }
  return tokens;
}

/** The test for what stands between `[` and `]`. */
function setTest(text: string): CharacterTest | undefined {
  const negated = /^[!^]/.test(text);
  const characters: { readonly character: string; readonly escaped: boolean }[] = [];
  let escaped = false;
  for (const character of negated ? text.slice(1) : text) {
    if (character === '\\' && !escaped) escaped = true;
    else {
      characters.push({ character, escaped });
      escaped = false;
    }
  }
  const ranges: (readonly [from: number, to: number])[] = [];
  for (let i = 0; i < characters.length; i++) {
    const from = codeOf(characters[i]?.character);
    const isRange =
      characters[i + 1]?.character === '-' && !characters[i + 1]?.escaped && i + 2 < characters.length;
    const to = isRange ? codeOf(characters[i + 2]?.character) : from;
    if (to < from) return undefined;
    ranges.push([from, to]);
    if (isRange) i += 2;
  }
  return (found) => {
    const code = codeOf(found);
    return ranges.some(([from, to]) => from <= code && code <= to) !== negated;
  };
}

const codeOf = (character = ''): number => character.codePointAt(0) ?? 0;

/** Goes back to the last `*` only: what an earlier one took cannot make a difference any more. */
function matches(tokens: readonly Token[], name: readonly string[]): boolean {
  let [token, at, star, mark] = [0, 0, -1, 0];
  while (at < name.length) {
    const wanted = tokens[token];
    if (wanted === many) {
      star = token++;
      mark = at;
    } else if (wanted?.(name[at] as string)) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++mark;
    } else return false;
  }
  while (tokens[token] === many) token++;
  return token === tokens.length;
}
