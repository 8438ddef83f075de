import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { SealwrightError } from '../errors.ts';

/** The refusal to work on a file of the authority's own folder, or `undefined` for a file that lies elsewhere. */
export async function authorityFileRefusal(
  folder: string,
  path: string,
): Promise<SealwrightError | undefined> {
  const [outer = '', inner = ''] = await Promise.all([folder, path].map(whereItIs));
  const way = relative(outer, inner);
  if (way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return undefined;
  return new SealwrightError(
    'INVALID_ARGUMENT',
    `${path} belongs to the authority itself; without it nothing could be opened any more. Leave it as it is.`,
    { path },
  );
}

// A path that cannot be followed is judged by its text; the work on it fails in its own words.
function whereItIs(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}
