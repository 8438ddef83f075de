import { basename } from 'node:path';
import type { ContainerName } from '../../../container/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { Inspection } from '../../../protection/index.ts';
import { chosenFormat, formatNamed } from '../../chosen-format.ts';
import { type FileSource, openFileSource } from '../../file-source.ts';
import { inspectFile } from '../../inspect-file.ts';
import type { NameSuffix } from '../../kept-name.ts';
import { assertPlaceFree, assertReplaceable, outputPlace } from '../../output-place.ts';
import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import type { TaskContext } from '../task-context.ts';
import { inspectTask } from './inspect-task.ts';
import { decideLabel, onlyLabels } from './label-task.ts';
import { notMessage } from './not-a-message.ts';
import { notProtected } from './not-protected.ts';
import { ownerOf } from './owner.ts';
import { placement } from './placement.ts';
import { notProtectedOnceMore } from './protected-already.ts';
import { settledAlready } from './reprotect-task.ts';
import { choiceOf } from './service-options.ts';
import { skipped } from './settle.ts';

/**
 * What would be done with one file, as far as can be told without a service and without writing. Where it would go is
 * in the outcome, and a place that is taken is the failure it would be.
 */
export async function dryRun(task: FileTask, context: TaskContext): Promise<FileOutcome> {
  const { path, settings } = task;
  const { operation, label } = settings;
  const { signal } = context;
  if (operation === 'inspect') return inspectTask(task, context);
  const found = await inspectFile(path, { signal });
  if (operation === 'protect') {
    if (label !== undefined && onlyLabels(settings)) {
      const { stated } = await decideLabel(path, task, label, context);
      return skipped(task, stated ? 'labelled-as-asked' : 'dry-run');
    }
    // Whom a message is sent to that is protected already does not matter.
    if (found.format === 'mail' && settings.messagePolicy !== undefined)
      return notProtectedOnceMore(task, found);
    const choice = await choiceOf(task, context);
    if (choice === undefined) return notMessage(task);
    if (found.protected) return notProtectedOnceMore(task, found);
    ownerOf(task);
    return wouldBeAt(task, context, 'protected', async (source, name) =>
      (await chosenFormat(source, { name, format: settings.format, signal })).protectedName(name),
    );
  }
  const settled = operation === 'reprotect' ? settledAlready(task, found) : unprotectedAlready(task, found);
  if (settled !== undefined) return settled;
  if (operation === 'reprotect' && (await choiceOf(task, context)) === undefined) return notMessage(task);
  return wouldBeAt(task, context, operation === 'reprotect' ? undefined : 'unprotected', async (_, name) =>
    operation === 'reprotect' || found.format === null
      ? name
      : formatNamed(found.format as ContainerName).originalName(name, found.originalExtension ?? undefined),
  );
}

function unprotectedAlready(task: FileTask, found: Inspection): FileOutcome | undefined {
  if (found.protected) return undefined;
  if (found.recognisedAs === 'plain') return notProtected(task);
  throw new SealwrightError(
    'UNSUPPORTED_FORMAT',
    `${task.path} is encrypted or damaged (${found.recognisedAs}) in a format of its own that is not opened here: use its application.`,
    { path: task.path },
  );
}

/** Checks the place of a new file as the work itself would. */
async function wouldBeAt(
  task: FileTask,
  context: TaskContext,
  suffix: NameSuffix | undefined,
  nameOf: (source: FileSource, name: string) => Promise<string>,
): Promise<FileOutcome> {
  const { path } = task;
  const source = await openFileSource(path);
  try {
    const options = placement(task, context);
    if (options.inPlace) assertReplaceable(path);
    const place = outputPlace(path, await nameOf(source, basename(path)), suffix, options);
    assertPlaceFree(place, source);
    return skipped(task, 'dry-run', undefined, { output: place.path, bytesIn: source.size });
  } finally {
    await source.close();
  }
}
