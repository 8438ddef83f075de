import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SealwrightError } from '../errors.ts';

/** What an authority keeps in its folder; other files may lie beside these. */
const ownNames = [
  'authority.db',
  'authority.db-wal',
  'authority.db-shm',
  'authority.db-journal',
  'authority.key',
  'authority.unlock',
];

/** The files of the authority in `folder`, which no run over many files touches. */
export const authorityFiles = (folder: string): readonly string[] =>
  ownNames.map((name) => join(folder, name));

/** The refusal to work on a file of the authority's own, or `undefined` for any other file. */
export async function authorityFileRefusal(
  folder: string,
  path: string,
): Promise<SealwrightError | undefined> {
  const [home, place] = await Promise.all([whereItIs(folder), whereItIs(path)]);
  // Some disks take names without regard to case.
  const folded = place.toLowerCase();
  if (!ownNames.some((name) => join(home, name).toLowerCase() === folded)) return undefined;
  return new SealwrightError(
    'INVALID_ARGUMENT',
    `${path} belongs to the authority itself; without it nothing could be opened any more. Leave it as it is.`,
    { path },
  );
}

// A file that is not there yet will be where its folder is. A path that cannot be followed is judged by its text;
// the work on it fails in its own words.
async function whereItIs(path: string): Promise<string> {
  const text = resolve(path);
  return realpath(text).catch(() =>
    realpath(dirname(text)).then(
      (folder) => join(folder, basename(text)),
      () => text,
    ),
  );
}
