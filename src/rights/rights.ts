import { SealwrightError } from '../errors.ts';

/** One usage right with its name in each naming scheme; `undefined` where a scheme has no name for it. */
export interface RightNames {
  /** The name stored in licenses, upper case; this is what every other part of the library uses. */
  readonly name: string;
  /** What it is called in prose. */
  readonly commonName: string;
  /** What the right lets a person do, in one phrase. */
  readonly permits: string;
  /** Label in the labeling portal. */
  readonly portalLabel: string | undefined;
  /** Label in the template editor of AD RMS. */
  readonly adRmsLabel: string | undefined;
  /** Constants of the MSIPC client, the usual one first. */
  readonly msipcNames: readonly string[];
  /** Value in the MIP SDK. */
  readonly mipSdkName: string;
  /** Bit in the flag set of the graph API. */
  readonly graphFlag: number | undefined;
}

const row = (
  name: string,
  commonName: string,
  permits: string,
  portalLabel: string | undefined,
  adRmsLabel: string | undefined,
  msipcNames: readonly string[],
  graphFlag: number | undefined,
): RightNames =>
  Object.freeze({
    name,
    commonName,
    permits,
    portalLabel,
    adRmsLabel,
    msipcNames: Object.freeze([...msipcNames]),
    mipSdkName: name,
    graphFlag,
  });

/**
 * Every right with a documented meaning (spec/rights.md, "The rights"). The set is open: licenses may name
 * others, and they are kept.
 *
 * Mind the trap in the names: `EDIT` is *save*, `DOCEDIT` is *edit*.
 */
export const rights: readonly RightNames[] = Object.freeze([
  row('VIEW', 'View', 'open and read', 'View, Open, Read (VIEW)', 'View', ['IPC_GENERIC_READ'], 1024),
  row('DOCEDIT', 'Edit Content', 'change the content', 'Edit Content, Edit (DOCEDIT)', 'Edit', [], 2),
  row('EDIT', 'Save', 'save with the same protection', 'Save (EDIT)', 'Save', ['IPC_GENERIC_WRITE'], 4),
  row('COMMENT', 'Comment', 'add and delete comments', undefined, undefined, ['IPC_GENERIC_COMMENT'], 8),
  row(
    'EXPORT',
    'Export',
    'save under other or no protection',
    'Save As, Export (EXPORT)',
    'Export (Save As)',
    ['IPC_GENERIC_EXPORT'],
    16,
  ),
  row('EXTRACT', 'Copy', 'copy content out', 'Copy (EXTRACT)', 'Extract', ['IPC_GENERIC_EXTRACT'], 2048),
  row('PRINT', 'Print', 'print', 'Print (PRINT)', 'Print', ['IPC_GENERIC_PRINT'], 128),
  row('OBJMODEL', 'Allow Macros', 'run macros', 'Allow Macros (OBJMODEL)', 'Allow Macros', [], 16384),
  row('REPLY', 'Reply', 'reply', 'Reply (REPLY)', 'Reply', ['IPC_EMAIL_REPLY'], 256),
  row(
    'REPLYALL',
    'Reply All',
    'reply to all',
    'Reply All (REPLY ALL)',
    'Reply All',
    ['IPC_EMAIL_REPLYALL'],
    512,
  ),
  row('FORWARD', 'Forward', 'forward', 'Forward (FORWARD)', 'Forward', ['IPC_EMAIL_FORWARD'], 32),
  row(
    'VIEWRIGHTSDATA',
    'View Rights',
    'see who has which rights',
    'View Rights (VIEWRIGHTSDATA)',
    'View Rights',
    ['IPC_READ_RIGHTS', 'IPC_VIEW_RIGHTS'],
    4096,
  ),
  row(
    'EDITRIGHTSDATA',
    'Change Rights',
    'change who has which rights',
    'Edit Rights (EDITRIGHTSDATA)',
    'Edit Rights',
    ['IPC_WRITE_RIGHTS', 'IPC_EDIT_RIGHTS'],
    8192,
  ),
  row('OWNER', 'Full Control', 'everything', 'Full Control (OWNER)', 'Full Control', ['IPC_GENERIC_ALL'], 64),
  row(
    'AUDITEDEXTRACT',
    'Audited Extract',
    'open in a program that knows no rights, if that is audited',
    undefined,
    undefined,
    [],
    undefined,
  ),
]);

const byName = new Map<string, string>();
for (const right of rights) {
  byName.set(right.name, right.name);
  for (const constant of right.msipcNames) byName.set(constant, right.name);
}

// ASCII only: `toUpperCase` alone would turn letters such as U+0131 into plain ones.
const customRight = /^[a-z0-9._-]{1,64}$/i;

/**
 * A right name in the form licenses store it: upper case, MSIPC constants replaced by what they stand for.
 * Unknown names are custom rights and are kept; only names that no license could carry are refused.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` if `name` is not 1 to 64 letters, digits, dots, dashes and underscores.
 * @example
 * ```ts
 * normalizeRight('print'); // 'PRINT'
 * normalizeRight('IPC_GENERIC_WRITE'); // 'EDIT', which is the right to save
 * ```
 */
export function normalizeRight(name: string): string {
  const known = byName.get(name);
  if (known !== undefined) return known;
  const trimmed = name.trim();
  if (!customRight.test(trimmed))
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `${quoteBriefly(name)} is not a right: a right is 1 to 64 letters, digits, dots, dashes and underscores, such as VIEW or PRINT.`,
    );
  const upper = trimmed.toUpperCase();
  return byName.get(upper) ?? upper;
}

/** Whether `name`, in any case, is a right with a documented meaning (or its MSIPC constant). */
export const isKnownRight = (name: string): boolean => byName.has(name.trim().toUpperCase());

/**
 * The right most probably meant by a mistyped `name`, or `undefined` if nothing is near.
 *
 * @example
 * ```ts
 * suggestRight('PIRNT'); // 'PRINT'
 * ```
 */
export function suggestRight(name: string): string | undefined {
  const typed = name.trim().toUpperCase();
  if (typed === '' || typed.length > 64) return undefined;
  const bySpokenName = rights.find((right) => sameLetters(right.commonName, typed));
  if (bySpokenName !== undefined) return bySpokenName.name;
  const nearest = rights
    .map((right) => ({ name: right.name, distance: editDistance(typed, right.name) }))
    .reduce((best, candidate) => (candidate.distance < best.distance ? candidate : best));
  return nearest.distance <= Math.max(1, Math.floor(nearest.name.length / 3)) ? nearest.name : undefined;
}

/** `text` in quotes for an error message, cut so that a hostile value cannot fill the screen. */
export function quoteBriefly(text: string): string {
  const printable = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
  return printable.length > 80 ? `"${printable.slice(0, 77)}…"` : `"${printable}"`;
}

function sameLetters(commonName: string, typed: string): boolean {
  const letters = (text: string) => text.toUpperCase().replace(/[^A-Z]/g, '');
  return letters(typed) !== '' && letters(commonName) === letters(typed);
}

/** Insertions, deletions, replacements and swaps of neighbors that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  for (let j = 0; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const replace = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, replace);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      rows[i]![j] = best;
    }
  return rows[a.length]![b.length]!;
}
