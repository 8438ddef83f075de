import { rights } from './rights.ts';

/** A named set of rights. */
export interface PermissionLevel {
  /** The long-standing name. */
  readonly name: string;
  /** Every spelling that is understood, compared without case, blanks and dashes. */
  readonly spellings: readonly string[];
  readonly rights: readonly string[];
}

const viewer = ['VIEW', 'VIEWRIGHTSDATA', 'OBJMODEL'];
const reviewer = [...viewer, 'DOCEDIT', 'EDIT', 'REPLY', 'REPLYALL', 'FORWARD'];
const coAuthor = [...reviewer, 'EXTRACT', 'PRINT'];
const coOwner = [...coAuthor, 'EXPORT', 'EDITRIGHTSDATA', 'OWNER'];

const level = (name: string, spellings: readonly string[], names: readonly string[]): PermissionLevel =>
  Object.freeze({ name, spellings: Object.freeze([...spellings]), rights: Object.freeze([...names]) });

/** The permission levels with the sets of the labeling portal (spec/rights.md, "Permission levels"). */
export const permissionLevels: readonly PermissionLevel[] = Object.freeze([
  level('Viewer', ['Viewer'], viewer),
  level('Reviewer', ['Reviewer', 'Restricted Editor'], reviewer),
  level('Co-Author', ['Co-Author', 'Editor', 'Author'], coAuthor),
  level('Co-Owner', ['Co-Owner', 'Owner'], coOwner),
]);

const plain = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '');

const bySpelling = new Map(
  permissionLevels.flatMap((each) => each.spellings.map((spelling) => [plain(spelling), each] as const)),
);

/**
 * The permission level of that name, old or new, or `undefined`. Case, blanks and dashes do not matter.
 *
 * @example
 * ```ts
 * findPermissionLevel('COAUTHOR')?.name; // 'Co-Author'
 * findPermissionLevel('restricted editor')?.name; // 'Reviewer'
 * ```
 */
export const findPermissionLevel = (name: string): PermissionLevel | undefined => bySpelling.get(plain(name));

/**
 * What recipients of a Do Not Forward message hold: they read, answer and edit, but do not forward, print,
 * copy out or save elsewhere (spec/rights.md, "Mail protections").
 */
export const doNotForwardRights: readonly string[] = Object.freeze([
  'VIEW',
  'VIEWRIGHTSDATA',
  'DOCEDIT',
  'EDIT',
  'OBJMODEL',
  'REPLY',
  'REPLYALL',
]);

/** What unprotected documents attached to a Do Not Forward message inherit. */
export const doNotForwardAttachmentRights: readonly string[] = Object.freeze([
  'VIEW',
  'EDIT',
  'DOCEDIT',
  'OBJMODEL',
]);

/**
 * What recipients of an Encrypt-Only message, and of documents attached to it, hold: every right but `EXPORT`
 * and `OWNER`. `AUDITEDEXTRACT` is a publishing switch rather than a right people are given, and is left out.
 */
export const encryptOnlyRights: readonly string[] = Object.freeze(
  rights.map((right) => right.name).filter((name) => !['EXPORT', 'OWNER', 'AUDITEDEXTRACT'].includes(name)),
);
