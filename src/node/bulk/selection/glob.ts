import { SealwrightError } from '../../../errors.ts';
import { quoteBriefly } from '../../../rights/index.ts';
import { expandBraces } from './glob-braces.ts';
import { type SegmentTest, segmentTest } from './glob-segment.ts';

/** Longest pattern in characters, and most patterns that one can stand for by its braces. */
const maxPatternLength = 1_024;
const maxAlternatives = 256;

/** A path in the form in which patterns look at it. */
export interface ComparedPath {
  /** Its parts, without case and in one form of Unicode. */
  readonly parts: readonly string[];
}

/** A pattern over paths (spec/bulk.md, "Selection"). */
export interface PathPattern {
  /** Whether it names this file. One that ends with `/` names what is in its folders. */
  file(path: ComparedPath): boolean;
  /** Whether it names this file or a folder above it. */
  covers(path: ComparedPath): boolean;
  /** Whether it names this folder, and so all that is in it. */
  folder(path: ComparedPath): boolean;
}

/** Any number of parts of a path. */
const anyParts = Symbol('**');

/** What a pattern says once its braces are taken apart. */
interface Alternative {
  readonly parts: readonly (SegmentTest | typeof anyParts)[];
  /** It ends with `/` and names folders only. */
  readonly foldersOnly: boolean;
}

/** Disks and people differ in the case of names and in how they spell accents. */
const compared = (text: string): string => text.normalize('NFC').toLowerCase();

/** The form of a path, with `/`, that patterns are held against. */
export const comparedPath = (path: string): ComparedPath => ({ parts: compared(path).split('/') });

/**
 * Makes a pattern ready for many paths. Matching takes time in proportion to the lengths of pattern and path multiplied.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` for a pattern that is empty, too long, or can match nothing
 * @example
 * ```ts
 * const pattern = compileGlob('drafts/**' + '/*.{doc,docx}');
 * pattern.file(comparedPath('drafts/2026/Plan.DOCX')); // true
 * ```
 */
export function compileGlob(text: string): PathPattern {
  if (text.trim() === '')
    throw unusable(text, 'is empty: write a name such as *.docx, or a path such as drafts/**');
  if (text.length > maxPatternLength)
    throw unusable(text, `is longer than ${maxPatternLength} characters: write several shorter ones`);
  const expanded = expandBraces(compared(text), maxAlternatives);
  if (expanded === undefined)
    throw unusable(
      text,
      `stands for more than ${maxAlternatives} patterns: write fewer alternatives in braces`,
    );
  const alternatives = expanded.map((each) => alternativeOf(each, text));
  return Object.freeze({
    file: ({ parts }: ComparedPath) =>
      alternatives.some(
        (each) =>
          (!each.foldersOnly && matches(each.parts, parts)) || (each.foldersOnly && isBelow(each, parts)),
      ),
    covers: ({ parts }: ComparedPath) =>
      alternatives.some((each) => isBelow(each, parts) || (!each.foldersOnly && matches(each.parts, parts))),
    folder: ({ parts }: ComparedPath) => alternatives.some((each) => matches(each.parts, parts)),
  });
}

function alternativeOf(pattern: string, written: string): Alternative {
  const foldersOnly = pattern.endsWith('/');
  const bare = foldersOnly ? pattern.replace(/\/+$/, '') : pattern;
  // A pattern without "/" is over the name alone, in whatever folder.
  const anchored = bare.includes('/');
  const names = bare
    .replace(/^(?:\.?\/)+/, '')
    .split('/')
    .filter((name) => name !== '' && name !== '.');
  if (names.length === 0) throw unusable(written, 'names no file or folder: write a name or a path');
  const parts = names.map((name) => {
    if (name === '**') return anyParts;
    const test = segmentTest(name);
    if (test === undefined)
      throw unusable(written, 'holds a range that is empty: write it from low to high, as [a-z]');
    return test;
  });
  return { parts: anchored ? parts : [anyParts, ...parts], foldersOnly };
}

/** Whether one of the folders above a file matches. */
function isBelow({ parts }: Alternative, path: readonly string[]): boolean {
  for (let length = 1; length < path.length; length++) if (matches(parts, path.slice(0, length))) return true;
  return false;
}

/** Goes back to the last `**` only, as with `*` in a name. */
function matches(pattern: Alternative['parts'], path: readonly string[]): boolean {
  let [part, at, star, mark] = [0, 0, -1, 0];
  while (at < path.length) {
    const wanted = pattern[part];
    if (wanted === anyParts) {
      star = part++;
      mark = at;
    } else if (wanted?.(path[at] as string)) {
      part++;
      at++;
    } else if (star >= 0) {
      part = star + 1;
      at = ++mark;
    } else return false;
  }
  while (pattern[part] === anyParts) part++;
  return part === pattern.length;
}

const unusable = (text: string, why: string): SealwrightError =>
  new SealwrightError('INVALID_ARGUMENT', `The pattern ${quoteBriefly(text)} ${why}.`);
