import { SealwrightError } from '../../../errors.ts';

/** Mistakes that are told at once; a file of nothing but mistakes must not fill the screen. */
const maxTold = 20;

/** What is wrong with a set of rules, collected so that it can be put right in one go. */
export interface Mistakes {
  /** @param path where in the rules: `rules[2].match.minSize` */
  add(path: string, message: string): void;
  /** Throws `INVALID_ARGUMENT` with all of it, if anything is wrong. */
  throwAny(): void;
}

/** Starts with none. */
export function noMistakes(): Mistakes {
  const told: string[] = [];
  let count = 0;
  let first: string | undefined;
  return {
    add(path, message) {
      first ??= path;
      count++;
      if (told.length < maxTold) told.push(`${path}: ${message}`);
    },
    throwAny() {
      if (first === undefined) return;
      const more = count > told.length ? `; and ${count - told.length} more` : '';
      const all = told.join('; ') + more;
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        `The rules have ${count === 1 ? 'a mistake' : `${count} mistakes`}: ${all}${all.endsWith('?') ? '' : '.'}`,
        { field: first },
      );
    },
  };
}
