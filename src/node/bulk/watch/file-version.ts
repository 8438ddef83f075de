import { lstatSync } from 'node:fs';

/** Says which content a path leads to: changes when the file is written or replaced. `undefined` if it is no file. */
export function fileVersion(path: string): string | undefined {
  const facts = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  return facts?.isFile() ? `${facts.ino}-${facts.size}-${facts.mtimeNs}` : undefined;
}
