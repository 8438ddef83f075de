import { statSync } from 'node:fs';
import { basename, dirname, parse } from 'node:path';

/** Types of Windows and of programs, as Microsoft's clients leave them out (spec/bulk.md, "Left out"). */
const types = new Set(
  '.lnk .exe .com .cmd .bat .dll .ini .pst .sca .drm .sys .cpl .inf .drv .dat .tmp .msp .msi .pdb .jar'.split(
    ' ',
  ),
);

/** Files that systems and programs make for themselves wherever they look. */
const ownNames = new Set(['thumbs.db', '.ds_store', '.git']);
/** What Office keeps beside a document that is open, and NFS in place of a removed file that is. */
const ownPrefixes = ['~$', '.nfs0'];

/** Content of version control: changed behind its back, the history is damaged. */
const versionControl = new Set(['.git', '.hg', '.svn', '.bzr', '.jj', '_darcs']);

/** System folders at the root of a drive of Windows. */
const driveFolders = new Set([
  'windows',
  'program files',
  'program files (x86)',
  'programdata',
  '$recycle.bin',
  'system volume information',
]);

/** The same at the root of other systems. */
const rootFolders = new Set(
  'bin boot dev etc lib lib32 lib64 libx32 proc run sbin sys usr lost+found System Library Applications'.split(
    ' ',
  ),
);

/** Whether a file of this name is left out of folders by default. */
export function isLeftOutFile(name: string): boolean {
  const lower = name.toLowerCase();
  const dot = lower.lastIndexOf('.');
  return (
    (dot > 0 && types.has(lower.slice(dot))) ||
    ownNames.has(lower) ||
    ownPrefixes.some((prefix) => lower.startsWith(prefix))
  );
}

/** Whether a folder is left out by default, with all that is in it. `path` is absolute. */
export function isLeftOutFolder(path: string): boolean {
  const name = basename(path);
  const lower = name.toLowerCase();
  if (versionControl.has(lower)) return true;
  const above = dirname(path);
  if (above === '/' && rootFolders.has(name)) return true;
  if (driveFolders.has(lower)) return isDriveRoot(above);
  if (lower !== 'appdata') return false;
  const users = dirname(above);
  return basename(users).toLowerCase() === 'users' && isDriveRoot(dirname(users));
}

/** A root of this system, or a place where another disk begins: drives of Windows are mounted anywhere. */
function isDriveRoot(path: string): boolean {
  if (parse(path).root === path) return true;
  const here = diskOf(path);
  return here !== undefined && here !== diskOf(dirname(path));
}

function diskOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.dev;
  } catch {
    return undefined;
  }
}
