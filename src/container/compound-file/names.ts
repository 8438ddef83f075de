import { upperCaseUnit } from './names-upper-case.ts';

const ascii = /^[\0-\x7f]*$/;

/**
 * A name as it is compared: every UTF-16 unit in upper case, one by one, surrogates as they are,
 * [MS-CFB] 2.6.4. Two names are the same exactly if these forms are.
 */
export function upperCaseName(name: string): string {
  if (ascii.test(name)) return name.toUpperCase();
  let upper = '';
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    upper += unit < 0x80 ? name.charAt(i).toUpperCase() : String.fromCharCode(upperCaseUnit(unit));
  }
  return upper;
}

/** The order of two names in upper case, see {@link compareNames}: for whoever compares each many times. */
export function compareUpperCaseNames(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The order of entries of a compound file, [MS-CFB] 2.6.4: a shorter name is smaller; names of one length
 * are compared by UTF-16 unit in upper case.
 *
 * @returns negative if `a` comes first, positive if `b` does, 0 if they are the same name
 *
 * @example
 * ```ts
 * ['DataSpaceMap', 'version'].sort(compareNames); // ['version', 'DataSpaceMap']
 * ```
 */
export const compareNames = (a: string, b: string): number =>
  compareUpperCaseNames(upperCaseName(a), upperCaseName(b));

/** Whether two names are the same to a compound file: without case. */
export const sameName = (a: string, b: string): boolean => compareNames(a, b) === 0;

/** The most UTF-16 units in a name; 64 bytes of its field with a NUL behind, [MS-CFB] 2.6.1. */
export const maximumNameUnits = 31;

/** Why a name cannot stand in a compound file, as the end of a sentence; `undefined` if it can. */
export function nameProblem(name: string): string | undefined {
  if (name.length === 0) return 'it is empty';
  if (name.length > maximumNameUnits) return `it is longer than ${maximumNameUnits} characters`;
  if (/[/\\:!]/.test(name)) return 'it has one of the characters / \\ : !';
  return name.includes('\0') ? 'it has a NUL inside' : undefined;
}
