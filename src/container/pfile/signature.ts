import { SealwrightError } from '../../errors.ts';
import { pfileMagic } from './header.ts';

const majorAt = pfileMagic.length;
const minorAt = majorAt + 4;
/** Magic and both version numbers: what it takes to be sure. */
const signatureLength = minorAt + 4;

/**
 * Whether a file that starts with `head` is a PFILE. The magic alone does not prove it: a text may start
 * with `.pfile`. So both version numbers must be below 256 (spec/pfile.md, section 2). A file cut within
 * the version numbers counts if what is left of them looks like version 2 or 3.
 */
export function detectPfile(head: Uint8Array): boolean {
  if (head.length <= majorAt) return false;
  for (let at = 0; at < majorAt; at++) if (head[at] !== pfileMagic[at]) return false;
  for (let i = 1; i < 4; i++)
    if ((head[majorAt + i] ?? 0) !== 0 || (head[minorAt + i] ?? 0) !== 0) return false;
  return head.length >= signatureLength || head[majorAt] === 2 || head[majorAt] === 3;
}

/** Refuses what is no PFILE at all with `NOT_PROTECTED`. */
export function checkSignature(head: Uint8Array): void {
  if (detectPfile(head)) return;
  throw new SealwrightError(
    'NOT_PROTECTED',
    'This is not a PFILE: it does not start with the PFILE signature. It may be an unprotected file under a protected name.',
    { offset: 0 },
  );
}

/** Refuses versions whose layout is not known (spec/pfile.md, section 2). */
export function checkVersion(major: number, minor: number): void {
  if (major === 2 || major === 3) return;
  throw new SealwrightError(
    'UNSUPPORTED_VERSION',
    `This PFILE has version ${major}.${minor}; versions 2 and 3 can be read. Protect the original file again with a current application.`,
    { offset: majorAt },
  );
}
