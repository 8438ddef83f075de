import { statSync } from 'node:fs';
import { SealwrightError } from '../../../errors.ts';
import { fileError } from '../../file-error.ts';
import { ownerNames } from '../selection/file-owner.ts';
import type { FileTask } from '../task.ts';

/**
 * E-mail address of the owner of a task's content: the one that was asked for, or with `file` that of the file system's
 * owner (spec/bulk.md, "Owners"); `undefined` is whoever protects.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` if nobody said which address the owner of the file has
 */
export function ownerOf({ path, settings: { owner, owners = {} } }: FileTask): string | undefined {
  if (owner !== 'file') return owner;
  const names = ownerNames(numberOfOwner(path));
  const name = names.find((each) => Object.hasOwn(owners, each));
  if (name !== undefined) return owners[name];
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    process.platform === 'win32'
      ? `${path} has no owner that can be told on this system: name the owner by address.`
      : `${path} belongs to ${names.join(', number ')}, whose e-mail address is not known: add it to the owners of the run, or name one owner for all files.`,
    { path },
  );
}

function numberOfOwner(path: string): number {
  try {
    return statSync(path).uid;
  } catch (error) {
    throw fileError(error, { action: 'read', path });
  }
}
