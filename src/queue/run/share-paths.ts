import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { SealwrightError } from '../../errors.ts';

/**
 * A path below the root as it is kept: with `/`, so that hosts of any system may mount the share anywhere. `.` is the
 * root itself.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` for a path outside of the root
 */
export function toSharePath(root: string, path: string, what = 'It'): string {
  const below = relative(root, resolve(path));
  if (isAbsolute(below) || below === '..' || below.startsWith(`..${sep}`)) {
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `${path} is not below ${root}, which all workers share. ${what} must be there: name another root.`,
      { path },
    );
  }
  return below === '' ? '.' : sep === '/' ? below : below.replaceAll(sep, '/');
}

/**
 * The path of this machine for one that is kept. Nothing that stands in a database leads out of the root.
 *
 * @throws SealwrightError `MALFORMED_ANSWER`
 */
export function fromSharePath(root: string, path: string): string {
  const outside =
    path === '' ||
    path.startsWith('/') ||
    path.includes('\0') ||
    path.split('/').includes('..') ||
    // Elsewhere these are letters like others.
    (sep === '\\' && /[\\:]/.test(path));
  if (outside) {
    throw new SealwrightError(
      'MALFORMED_ANSWER',
      'A path in the database leads out of the root that all workers share: it was not written by Sealwright. Submit the run anew.',
      { field: 'path' },
    );
  }
  return path === '.' ? root : join(root, ...path.split('/'));
}

/** Paths of outcomes are kept below the root if they are there, and as they are elsewhere. */
export function outcomePath(root: string, path: string): string {
  const below = relative(root, path);
  return isAbsolute(below) || below.startsWith('..') || below === '' ? path : below.split(sep).join('/');
}
