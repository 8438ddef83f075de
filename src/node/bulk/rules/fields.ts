import { SealwrightError } from '../../../errors.ts';
import { quoteBriefly } from '../../../rights/index.ts';
import type { Mistakes } from './mistakes.ts';
import { nearestName } from './nearest-name.ts';

/** Unknown fields that are told of one object. */
const maxUnknownTold = 5;

/** One value of the rules, where it stands, and where its mistakes go. Absent values are `undefined`. */
export interface Field {
  readonly value: unknown;
  readonly path: string;
  readonly mistakes: Mistakes;
}

/** The fields of an object by name, or `undefined` after a mistake. */
export type Fields<Name extends string> = (name: Name) => Field;

/**
 * The fields of an object; those it does not know are mistakes, told with the one most probably meant.
 *
 * @param what for the message, such as `a rule`
 */
export function fieldsOf<Name extends string>(
  { value, path, mistakes }: Field,
  names: readonly Name[],
  what: string,
): Fields<Name> | undefined {
  if (!isObject(value)) {
    mistakes.add(path, `write ${what} in braces, not ${told(value)}`);
    return undefined;
  }
  const unknown = Object.keys(value).filter((key) => !(names as readonly string[]).includes(key));
  for (const key of unknown.slice(0, maxUnknownTold)) {
    const meant = nearestName(key, names);
    const advice = meant === undefined ? `${what} has ${names.join(', ')}` : `did you mean ${meant}?`;
    mistakes.add(path, `there is no field ${quoteBriefly(key)}: ${advice}`);
  }
  if (unknown.length > maxUnknownTold)
    mistakes.add(path, `there are ${unknown.length - maxUnknownTold} more unknown fields`);
  return (name) => ({
    // What an object inherits is nothing that somebody wrote.
    value: Object.hasOwn(value, name) ? value[name] : undefined,
    path: path === '' ? name : `${path}.${name}`,
    mistakes,
  });
}

/** The entries of a list, or `undefined` if there is none. */
export function entriesOf({ value, path, mistakes }: Field, most: number): readonly Field[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) {
    mistakes.add(path, `write a list in brackets, not ${told(value)}`);
    return undefined;
  }
  if (value.length > most) {
    mistakes.add(path, `write at most ${most} entries, not ${value.length}`);
    return undefined;
  }
  return Array.from(value, (entry: unknown, i) => ({ value: entry, path: `${path}[${i}]`, mistakes }));
}

/** A text of bounded length. */
export function textOf({ value, path, mistakes }: Field, most = 1_024): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.length <= most) return value;
  mistakes.add(
    path,
    typeof value === 'string'
      ? `write at most ${most} characters`
      : `write a text in quotes, not ${told(value)}`,
  );
  return undefined;
}

/** A list of texts. */
export function textsOf(field: Field, most = 10_000): readonly string[] | undefined {
  const entries = entriesOf(field, most);
  // `null` stands for an empty place in a list, and is a mistake there.
  return entries?.flatMap(
    (entry) => textOf(entry.value === undefined ? { ...entry, value: null } : entry) ?? [],
  );
}

/** `true` or `false`. */
export function flagOf({ value, path, mistakes }: Field): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  mistakes.add(path, `write true or false, not ${told(value)}`);
  return undefined;
}

/** A whole number within bounds. */
export function wholeNumberOf(
  { value, path, mistakes }: Field,
  least: number,
  most: number,
): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  mistakes.add(path, `write a whole number from ${least} to ${most}, not ${told(value)}`);
  return undefined;
}

/** Texts by name; the result has no prototype. */
export function textsByNameOf(field: Field, most: number): Readonly<Record<string, string>> | undefined {
  const { value, path, mistakes } = field;
  if (value === undefined) return undefined;
  if (!isObject(value)) {
    mistakes.add(path, `write names and texts in braces, not ${told(value)}`);
    return undefined;
  }
  const names = Object.keys(value);
  if (names.length > most) {
    mistakes.add(path, `write at most ${most} names, not ${names.length}`);
    return undefined;
  }
  const texts: Record<string, string> = Object.create(null);
  for (const name of names) {
    const text = textOf(
      { value: value[name] ?? null, path: `${path}.${name.slice(0, 40)}`, mistakes },
      32_768,
    );
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}

/** Does what checks a value by throwing, and turns the sentence into a mistake of this field. */
export function checked<T>({ path, mistakes }: Field, check: () => T): T | undefined {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof SealwrightError)) throw error;
    mistakes.add(path, error.message.replace(/\.$/, ''));
    return undefined;
  }
}

/** A value as messages name it. */
export function told(value: unknown): string {
  if (typeof value === 'string') return quoteBriefly(value);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : `a value of another kind (${typeof value})`;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
