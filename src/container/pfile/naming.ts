import { isSafeExtension, safeName, splitName } from './extension.ts';

/** Extensions that get a `p` after the dot when protected; all others get `.pfile` (spec/pfile.md, section 5.1). */
const prefixed = [
  'txt',
  'xml',
  'jpg',
  'jpeg',
  'png',
  'tif',
  'tiff',
  'bmp',
  'gif',
  'jpe',
  'jfif',
  'jif',
  'jt',
];

/** Extensions with a `p` that are recognised; older clients wrote `.ppdf` too. */
const recognised = [...prefixed, 'pdf'];

const generic = '.pfile';

/** A name for what has nothing left of its own. */
const unnamed = 'document';

/**
 * The name of the protected file: `a.txt` becomes `a.ptxt`, `a.vsd` becomes `a.vsd.pfile`. `name` is a file
 * name, not a path: separators, control and hidden characters are replaced by `_`.
 */
export function protectedName(name: string): string {
  const safe = safeName(name) || unnamed;
  const [stem, extension] = splitName(safe);
  return prefixed.includes(extension.slice(1).toLowerCase())
    ? `${stem}.p${extension.slice(1)}`
    : safe + generic;
}

/**
 * The name of the opened file. The stored extension wins over what the name suggests; a name that was
 * changed after protecting keeps its text and gets the stored extension at the end (spec/pfile.md, section 5.3).
 *
 * @param originalExtension the stored extension with its dot, or empty; `undefined` if it is unknown or unsafe
 */
export function originalName(name: string, originalExtension: string | undefined): string {
  const safe = safeName(name);
  const stored =
    originalExtension !== undefined && isSafeExtension(originalExtension) ? originalExtension : '';
  // One client stores `.pfile` where it was told no extension: that names the container, not the document.
  const known = sameExtension(stored, generic) && !endsWith(withoutGeneric(safe), generic) ? '' : stored;
  return withExtension(guessOriginal(safe, known) || unnamed, known);
}

function guessOriginal(name: string, known: string): string {
  if (endsWith(name, generic)) return withoutGeneric(name);
  const [stem, extension] = splitName(name);
  if (extension[1]?.toLowerCase() !== 'p') return name;
  const bare = extension.slice(2);
  const guess = `.${bare}`;
  if (known !== '') {
    if (sameExtension(guess, known)) return stem + guess;
    // A name like `a.ptxt` over another stored extension: the `.ptxt` was this format's, not the document's.
    return recognised.includes(bare.toLowerCase()) ? stem : name;
  }
  return recognised.includes(bare.toLowerCase()) ? stem + guess : name;
}

const withExtension = (name: string, extension: string): string =>
  endsWith(name, extension) ? name : name + extension;

const withoutGeneric = (name: string): string =>
  endsWith(name, generic) ? name.slice(0, -generic.length) : name;

const sameExtension = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const endsWith = (name: string, extension: string): boolean =>
  name.toLowerCase().endsWith(extension.toLowerCase());
