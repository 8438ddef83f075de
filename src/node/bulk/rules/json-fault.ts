import { quoteBriefly } from '../../../rights/index.ts';

/** Objects and lists within each other; rules need five. */
const maxDepth = 50;

/** Where a text is no JSON that can be relied on, and why. */
export interface JsonFault {
  /** Offset in the text. */
  readonly at: number;
  readonly what: string;
}

const space = /[ \t\n\r]*/y;
const text = /"(?:[^"\\\p{Cc}]+|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const plain = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

/** An object or a list that is open. */
interface Open {
  /** The names it has so far; `undefined` of a list. */
  readonly names: Set<string> | undefined;
}

/**
 * Finds the first place where `json` is no JSON, or where an object has a name twice, of which parsers keep one without a word.
 *
 * @returns `undefined` if there is none: then `JSON.parse` reads it
 */
export function findJsonFault(json: string): JsonFault | undefined {
  const open: Open[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(json)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const takes = (character: string): boolean => {
    match(space);
    if (json[at] !== character) return false;
    at++;
    return true;
  };
  const fault = (what = 'this is no JSON'): JsonFault => ({ at, what });
  /** Reads the name before a value of an object. */
  const name = (names: Set<string>): JsonFault | undefined => {
    match(space);
    const written = match(text);
    if (written === undefined) return fault();
    const said: string = JSON.parse(written);
    if (names.has(said)) return fault(`${quoteBriefly(said)} stands twice`);
    names.add(said);
    return takes(':') ? undefined : fault();
  };

  for (let wantsValue = true; ; ) {
    const within = open.at(-1);
    if (wantsValue) {
      const isObject = takes('{');
      if (isObject || takes('[')) {
        if (open.length === maxDepth) return fault('something is nested too deeply');
        const names = isObject ? new Set<string>() : undefined;
        if (takes(isObject ? '}' : ']')) wantsValue = false;
        else {
          open.push({ names });
          const wrong = names && name(names);
          if (wrong !== undefined) return wrong;
        }
      } else if ((match(text) ?? match(plain)) === undefined) return fault();
      else wantsValue = false;
    } else if (within === undefined) {
      match(space);
      return at === json.length ? undefined : fault();
    } else if (takes(',')) {
      const wrong = within.names && name(within.names);
      if (wrong !== undefined) return wrong;
      wantsValue = true;
    } else if (takes(within.names === undefined ? ']' : '}')) open.pop();
    else return fault();
  }
}
