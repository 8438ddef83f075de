import { lstatSync } from 'node:fs';
import { systemCodeOf } from '../../file-error.ts';

/**
 * Says which content a path leads to: changes when the file is written or replaced. `undefined` if it is no file. What nobody may
 * look at has a version, too: the work on it says why.
 */
export function fileVersion(path: string): string | undefined {
  try {
    const facts = lstatSync(path, { throwIfNoEntry: false, bigint: true });
    return facts?.isFile() ? `${facts.ino}-${facts.size}-${facts.mtimeNs}` : undefined;
  } catch (error) {
    return systemCodeOf(error) ?? 'unknown';
  }
}
