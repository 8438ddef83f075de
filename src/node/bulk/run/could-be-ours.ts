import { resolve } from 'node:path';
import { fingerprintOf } from '../journal/fingerprint.ts';
import { isBelowOne } from '../selection/named-inputs.ts';
import type { FileTask, TaskSettings } from '../task.ts';

/**
 * Whether a task that a journal names is one that this run could have begun: of a file that was named or lies below a folder that
 * was, and to do with it what was asked for. So whoever writes a journal has nothing done that whoever resumes it did not ask for.
 *
 * @param stored whether the inputs are in a storage, and no paths of this machine
 */
export function couldBeOurs(
  inputs: readonly string[],
  settings: readonly TaskSettings[],
  stored: boolean,
): (task: FileTask) => boolean {
  const named = new Set(inputs.map((input) => resolve(input)));
  const known = new Set(settings.map(fingerprintOf));
  /** Those that were looked at; few, and each belongs to many tasks. */
  const seen = new Map<TaskSettings, boolean>();

  function isKnown(asked: TaskSettings): boolean {
    const found = seen.get(asked) ?? known.has(fingerprintOf(asked));
    seen.set(asked, found);
    return found;
  }
  const isNamed = (path: string): boolean =>
    stored
      ? inputs.some((input) => path.startsWith(input))
      : named.has(resolve(path)) || isBelowOne(resolve(path), named);
  return (task) => isNamed(task.path) && isKnown(task.settings);
}
