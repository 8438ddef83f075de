import { maxima } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';

/** One challenge of a `WWW-Authenticate` header. */
export interface Challenge {
  /** Lower case. */
  readonly scheme: string;
  readonly token68: string | undefined;
  /** By lower-case name; of a name that is given twice, the first counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

const gap = /[ \t,]*/y;
const spaces = /[ \t]*/y;
const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const token68 = /[ \t]+([A-Za-z0-9._~+/-]+=*)[ \t]*(?=,|$)/y;
const equals = /[ \t]*=[ \t]*/y;
const quoted = /"((?:[^"\\]|\\[\s\S])*)"/y;
// Services leave out the quotes around addresses; those hold what a token may not.
const bare = /[^\s,"]+/y;
const rest = /[^,]*/y;

/**
 * Reads a `WWW-Authenticate` header of any number of challenges (RFC 9110, section 11.6.1). What is not well-formed is
 * passed over up to the next comma. Throws `LIMIT_EXCEEDED` for a header that is too long.
 */
export function readChallenges(header: string): readonly Challenge[] {
  if (header.length > maxima.challengeCharacters)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The service's challenge has ${header.length} characters; at most ${maxima.challengeCharacters} are read.`,
    );
  let at = 0;
  const take = (expression: RegExp): RegExpExecArray | undefined => {
    expression.lastIndex = at;
    const match = expression.exec(header);
    if (match === null) return undefined;
    at = expression.lastIndex;
    return match;
  };
  const challenges: Challenge[] = [];
  let parameters: Map<string, string> | undefined;
  for (take(gap); at < header.length; take(gap)) {
    const name = take(token)?.[0].toLowerCase();
    if (name === undefined) {
      // No name can begin here: a stray quoted string is one piece, commas inside it too.
      if (take(quoted) === undefined) take(rest);
    } else if (parameters !== undefined && take(equals) !== undefined) {
      const text = take(quoted);
      const value = text === undefined ? take(bare)?.[0] : text[1]?.replace(/\\([\s\S])/g, '$1');
      if (value === undefined) {
        // An empty value is one; a string without an end is not, and nothing behind it can be trusted.
        if (header[at] === '"') break;
        if (!parameters.has(name)) parameters.set(name, '');
      } else if (!parameters.has(name)) parameters.set(name, value);
    } else {
      const credential = take(token68)?.[1];
      parameters = new Map();
      challenges.push({ scheme: name, token68: credential, parameters });
      if (credential === undefined) take(spaces);
    }
  }
  return challenges;
}
