import { dirname, isAbsolute, join, sep } from 'node:path';
import { SealwrightError } from '../../../errors.ts';
import type { FileOutputOptions } from '../../output-options.ts';
import type { FileTask } from '../task.ts';
import type { TaskContext } from '../task-context.ts';

/**
 * Where the new file of a task goes. Below `out` it gets the folder it has below its input.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` for a relative path that leads out of the folder: tasks come from
 * journals and databases, too
 */
export function placement(task: FileTask, context: TaskContext): FileOutputOptions {
  const { out, inPlace, overwrite, mode, durable } = task.settings;
  return {
    ...(out !== undefined && { out: join(out, folderBelow(task)) }),
    inPlace,
    overwrite,
    mode,
    durable,
    flush: context.flush,
  };
}

function folderBelow({ path, relativePath }: FileTask): string {
  const parts = relativePath.split(sep === '/' ? '/' : /[/\\]/);
  if (!isAbsolute(relativePath) && !parts.includes('..')) return dirname(relativePath);
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `The task for ${path} names a place outside of the output folder: list its folder again.`,
    { path },
  );
}
