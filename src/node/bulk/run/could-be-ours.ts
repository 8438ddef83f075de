import { resolve } from 'node:path';
import { fingerprintOf } from '../journal/fingerprint.ts';
import { isBelowOne } from '../selection/named-inputs.ts';
import type { FileTask, TaskSettings } from '../task.ts';

/**
 * A task that a journal names as one of this run, if it could have begun it: of a file that was named or lies below a folder that
 * was, and to do with it what was asked for. So whoever writes a journal has nothing done that whoever resumes it did not ask for. Its
 * settings are those of the run: of bytes in them a journal has only the digest.
 *
 * @param stored whether the inputs are in a storage, and no paths of this machine
 */
export function couldBeOurs(
  inputs: readonly string[],
  settings: readonly TaskSettings[],
  stored: boolean,
): (task: FileTask) => FileTask | undefined {
  const named = new Set(inputs.map((input) => resolve(input)));
  const known = new Map(settings.map((each) => [fingerprintOf(each), each]));
  /** Those that were looked at; few, and each belongs to many tasks. */
  const seen = new Map<TaskSettings, TaskSettings | undefined>();

  function ownOf(asked: TaskSettings): TaskSettings | undefined {
    if (!seen.has(asked)) seen.set(asked, known.get(fingerprintOf(asked)));
    return seen.get(asked);
  }
  const isNamed = (path: string): boolean =>
    stored
      ? inputs.some((input) => path.startsWith(input))
      : named.has(resolve(path)) || isBelowOne(resolve(path), named);
  return (task) => {
    const own = isNamed(task.path) ? ownOf(task.settings) : undefined;
    return own && { ...task, settings: own };
  };
}
